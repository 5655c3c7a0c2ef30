// Parses runs of records with simdjson.

#include "CSimdJSON.h"

#include <simdjson.h>

#include <new>
#include <string_view>
#include <vector>

using namespace simdjson;

struct csj_parser {
    dom::parser json;
    std::vector<csj_record> records;
    std::vector<csj_string> strings;  // of all lists; lists hold indices until parsing ends, because this grows
    const char *error = "";

    /// A list's place in `strings` while they still move: item pointers are set at the end.
    static csj_strings at(size_t start, size_t count) {
        return {reinterpret_cast<const csj_string *>(start), count};
    }

    static bool text(dom::element value, csj_string &out) {
        if (value.is_null()) return true;
        std::string_view view;
        if (value.get_string().get(view) != SUCCESS) return false;
        out = {view.data(), view.size()};
        return true;
    }

    static bool number(dom::element value, int64_t &out, uint32_t &has, uint32_t bit) {
        if (value.is_null()) return true;
        double real;
        if (value.get_int64().get(out) != SUCCESS) {
            if (!value.is_double() || value.get_double().get(real) != SUCCESS) return false;
            if (!(real >= -9e15 && real <= 9e15)) return false;
            out = static_cast<int64_t>(real);
        }
        has |= bit;
        return true;
    }

    bool list(dom::element value, csj_strings &out) {
        if (value.is_null()) return true;
        dom::array array;
        if (value.get_array().get(array) != SUCCESS) return false;
        size_t start = strings.size();
        for (dom::element item : array) {
            std::string_view view;
            if (item.get_string().get(view) != SUCCESS) return false;
            strings.push_back({view.data(), view.size()});
        }
        out = at(start + 1, strings.size() - start);  // plus one, so that an empty list differs from no list
        return true;
    }

    static bool is_filled(dom::element value) {
        if (value.is_array()) return dom::array(value).size() > 0;
        if (value.is_object()) return dom::object(value).size() > 0;
        return !value.is_null();
    }

    bool field(std::string_view key, dom::element value, csj_record &record) {
        switch (key.size()) {
        case 2: break;
        case 3: if (key == "md5") return text(value, record.md5); break;
        case 4:
            if (key == "name") return text(value, record.name);
            if (key == "size") return number(value, record.size, record.has, CSJ_HAS_SIZE);
            if (key == "arch") return text(value, record.arch);
            break;
        case 5:
            if (key == "build") return text(value, record.build);
            if (key == "flags" && is_filled(value)) record.has |= CSJ_FLAGS;
            break;
        case 6:
            if (key == "sha256") return text(value, record.sha256);
            if (key == "subdir") return text(value, record.subdir);
            if (key == "noarch") return noarch(value, record);
            break;
        case 7:
            if (key == "depends") return list(value, record.depends);
            if (key == "version") return text(value, record.version);
            if (key == "license") return value.is_string() ? text(value, record.license) : true;
            break;
        case 8:
            if (key == "features") return value.is_string() ? text(value, record.features) : true;
            if (key == "platform") return text(value, record.platform);
            break;
        case 9: if (key == "timestamp") return number(value, record.timestamp, record.has, CSJ_HAS_TIMESTAMP); break;
        case 10: if (key == "constrains") return list(value, record.constrains); break;
        case 12: if (key == "build_number") return number(value, record.build_number, record.has, CSJ_HAS_BUILD_NUMBER); break;
        case 13: if (key == "extra_depends" && is_filled(value)) record.has |= CSJ_EXTRA_DEPENDS; break;
        case 14:
            if (key == "license_family") return value.is_string() ? text(value, record.license_family) : true;
            if (key == "track_features")
                return value.is_array() ? list(value, record.track_features) : text(value, record.track_features_text);
            break;
        case 25: if (key == "python_site_packages_path") return text(value, record.python_site_packages_path); break;
        }
        return true;
    }

    static bool noarch(dom::element value, csj_record &record) {
        bool flag;
        if (value.get_bool().get(flag) != SUCCESS) return text(value, record.noarch);
        if (flag) record.has |= CSJ_NOARCH_TRUE;
        return true;
    }

    void add(std::string_view key, dom::element value) {
        csj_record record = {};
        record.key = {key.data(), key.size()};
        dom::object object;
        if (value.get_object().get(object) != SUCCESS) record.wrong = record.key;
        else
            for (dom::key_value_pair member : object)
                if (!field(member.key, member.value, record)) record.wrong = {member.key.data(), member.key.size()};
        records.push_back(record);
    }

    void settle(csj_strings &list) const {
        size_t start = reinterpret_cast<size_t>(list.items);
        if (start != 0) list.items = strings.data() + (start - 1);
    }

    int64_t parse_records(const uint8_t *bytes, size_t length) {
        records.clear();
        strings.clear();
        dom::object object;
        if (!parse(bytes, length, [&](dom::element root) { return root.get_object().get(object); })) return -1;
        for (dom::key_value_pair member : object) add(member.key, member.value);
        for (csj_record &record : records) {
            settle(record.depends);
            settle(record.constrains);
            settle(record.track_features);
        }
        return static_cast<int64_t>(records.size());
    }

    int64_t parse_strings(const uint8_t *bytes, size_t length) {
        strings.clear();
        dom::array array;
        if (!parse(bytes, length, [&](dom::element root) { return root.get_array().get(array); })) return -1;
        for (dom::element item : array) {
            std::string_view view;
            if (item.get_string().get(view) == SUCCESS) strings.push_back({view.data(), view.size()});
        }
        return static_cast<int64_t>(strings.size());
    }

    template <typename Root> bool parse(const uint8_t *bytes, size_t length, Root root) {
        dom::element element;
        error_code code = json.parse(bytes, length, false).get(element);
        if (code == SUCCESS) code = root(element);
        if (code != SUCCESS) error = error_message(code);
        return code == SUCCESS;
    }
};

extern "C" {

csj_parser *csj_parser_create(void) { return new (std::nothrow) csj_parser; }
void csj_parser_destroy(csj_parser *parser) { delete parser; }
size_t csj_padding(void) { return SIMDJSON_PADDING; }
const char *csj_parser_error(const csj_parser *parser) { return parser->error; }

int64_t csj_parser_records(csj_parser *parser, const void *bytes, size_t length, const csj_record **records) {
    try {
        int64_t count = parser->parse_records(static_cast<const uint8_t *>(bytes), length);
        *records = parser->records.data();
        return count;
    } catch (const std::bad_alloc &) {
        parser->error = "out of memory";
        return -1;
    }
}

int64_t csj_parser_strings(csj_parser *parser, const void *bytes, size_t length, const csj_string **strings) {
    try {
        int64_t count = parser->parse_strings(static_cast<const uint8_t *>(bytes), length);
        *strings = parser->strings.data();
        return count;
    } catch (const std::bad_alloc &) {
        parser->error = "out of memory";
        return -1;
    }
}

}  // extern "C"
