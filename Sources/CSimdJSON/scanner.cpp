// Finds the byte ranges of records in repodata.json, 64 bytes at a time.
//
// Only quotes, backslashes and brackets matter for that. Text between brackets is looked at where keys are: directly in the
// document, and directly in a section of records. Everything deeper is only counted.

#include "CSimdJSON.h"

#include <bit>
#include <cstring>
#include <new>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

// How vectors are passed to functions does not matter for one that is always inlined.
#pragma clang diagnostic ignored "-Wpsabi"

namespace {

typedef uint8_t block_t __attribute__((ext_vector_type(64)));
typedef bool bits_t __attribute__((ext_vector_type(64)));

[[gnu::always_inline]] inline uint64_t bits_of(decltype(block_t{} == block_t{}) comparison) {
    return __builtin_bit_cast(uint64_t, __builtin_convertvector(comparison, bits_t));
}

/// Bit n is the parity of the bits 0...n: 1 from an opening quote up to, not with, its closing quote.
inline uint64_t prefix_parity(uint64_t bits) {
    bits ^= bits << 1;
    bits ^= bits << 2;
    bits ^= bits << 4;
    bits ^= bits << 8;
    bits ^= bits << 16;
    return bits ^ (bits << 32);
}

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

std::string_view without_suffix(std::string_view text, std::string_view suffix) {
    if (text.size() <= suffix.size() || text.substr(text.size() - suffix.size()) != suffix) return {};
    return text.substr(0, text.size() - suffix.size());
}

/// NAME of NAME-VERSION-BUILD, empty when there are no three parts.
std::string_view name_part(std::string_view stem) {
    for (int part = 0; part < 2; part++) {
        size_t dash = stem.rfind('-');
        if (dash == std::string_view::npos || dash == 0 || dash + 1 == stem.size()) return {};
        stem = stem.substr(0, dash);
    }
    return stem;
}

/// Printable ASCII without slashes and escapes: all that a file name of a package may hold (CEP 26).
bool is_plain(std::string_view text) {
    for (char c : text)
        if (c <= ' ' || c >= 0x7f || c == '/' || c == '\\') return false;
    return true;
}

struct text_hash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
};

constexpr size_t rejected_limit = 100;

}  // namespace

struct csj_scanner {
    enum where { outside, document, section, v3, deep };

    uint64_t base = 0;  // offset of the current piece
    uint64_t failed_at = 0;
    int error = CSJ_OK;
    bool in_string = false, escaped = false, ended = false;

    uint64_t kinds = 0;  // one bit per open bracket, innermost lowest: 1 is {
    int depth = 0;

    // Text since the last bracket where keys are, when it began in an earlier piece.
    std::string carried;
    uint64_t gap_start = 0;
    bool gap_wanted = true, first_member = true;

    where place = outside;
    int section_depth = 0;  // where records' keys are: 2, or 3 below "v3"
    uint32_t section_kind = 0;
    std::string pending_key;  // of the value that is open now
    uint64_t pending_key_at = 0, pending_value_at = 0;

    std::vector<csj_run> runs;
    std::vector<std::string> names;
    std::unordered_map<std::string, uint32_t, text_hash, std::equal_to<>> numbers;
    struct member { std::string key; uint64_t offset, length; };
    std::vector<member> members;
    std::vector<std::string> rejected;
    size_t rejected_count = 0;

    bool fail(int code, uint64_t position) {
        if (error == CSJ_OK) { error = code; failed_at = position; }
        return false;
    }

    void reject(std::string_view key) {
        rejected_count++;
        last_extendable = 0;  // a run must not span what was rejected
        if (rejected.size() < rejected_limit) rejected.emplace_back(key);
    }

    uint32_t number_of(std::string_view name) {
        if (auto found = numbers.find(name); found != numbers.end()) return found->second;
        uint32_t number = static_cast<uint32_t>(names.size());
        names.emplace_back(name);
        numbers.emplace(names.back(), number);
        return number;
    }

    // MARK: Text between brackets

    /// Reads `, "key": scalar, "key": scalar, "key":` up to a bracket. `opens` says whether a value's bracket follows;
    /// then the last key is left pending, otherwise every member must be complete.
    bool read_gap(std::string_view gap, uint64_t at, bool opens) {
        size_t i = 0;
        auto skip = [&] { while (i < gap.size() && is_space(gap[i])) i++; };
        for (;;) {
            skip();
            if (i == gap.size()) return opens ? fail(CSJ_BAD_MEMBER, at + i) : true;
            if (!first_member) {
                if (gap[i] != ',') return fail(CSJ_BAD_MEMBER, at + i);
                i++;
                skip();
            }
            if (i == gap.size() || gap[i] != '"') return fail(CSJ_BAD_MEMBER, at + i);
            size_t start = i + 1, end = string_end(gap, start);
            if (end == std::string_view::npos) return fail(CSJ_BAD_MEMBER, at + i);
            uint64_t key_at = at + i;
            std::string_view key = gap.substr(start, end - start);
            i = end + 1;
            skip();
            if (i == gap.size() || gap[i] != ':') return fail(CSJ_BAD_MEMBER, at + i);
            i++;
            skip();
            first_member = false;
            if (i == gap.size()) {
                if (!opens) return fail(CSJ_BAD_MEMBER, at + i);
                pending_key.assign(key);
                pending_key_at = key_at;
                return true;
            }
            size_t scalar = i;
            if (gap[i] == '"') {
                end = string_end(gap, i + 1);
                if (end == std::string_view::npos) return fail(CSJ_BAD_MEMBER, at + i);
                i = end + 1;
            } else {
                while (i < gap.size() && gap[i] != ',' && gap[i] != '"' && !is_space(gap[i])) i++;
                if (i == scalar) return fail(CSJ_BAD_MEMBER, at + i);
            }
            if (place == document) members.push_back({std::string(key), at + scalar, i - scalar});
            else if (place == section) reject(key);
        }
    }

    static size_t string_end(std::string_view text, size_t i) {
        for (; i < text.size(); i++) {
            if (text[i] == '"') return i;
            if (text[i] == '\\') i++;
        }
        return std::string_view::npos;
    }

    bool blank(std::string_view gap, uint64_t at) {
        for (size_t i = 0; i < gap.size(); i++)
            if (!is_space(gap[i])) return fail(depth == 0 && ended ? CSJ_TRAILING : CSJ_NOT_OBJECT, at + i);
        return true;
    }

    /// The text from the last bracket to `end`, an index into this piece.
    std::string_view take_gap(const char *piece, size_t end) {
        if (!carried.empty() || gap_start < base) {
            carried.append(piece, end);
            return carried;
        }
        return {piece + (gap_start - base), static_cast<size_t>(base + end - gap_start)};
    }

    // MARK: Brackets

    bool bracket(const char *piece, size_t i) {
        char c = piece[i];
        return (c == '{' || c == '[') ? open(piece, i, c == '{') : close(piece, i, c == '}');
    }

    bool open(const char *piece, size_t i, bool object) {
        uint64_t at = base + i;
        if (depth == 64) return fail(CSJ_TOO_DEEP, at);
        if (gap_wanted) {
            uint64_t gap_at = gap_start;
            std::string_view gap = take_gap(piece, i);
            if (!opened_at_key(gap, gap_at, at, object)) return false;
            carried.clear();
            gap_start = at + 1;
        }
        kinds = (kinds << 1) | (object ? 1 : 0);
        depth++;
        return true;
    }

    bool opened_at_key(std::string_view gap, uint64_t gap_at, uint64_t at, bool object) {
        pending_value_at = at;
        if (place == outside) {
            if (!blank(gap, gap_at)) return false;
            if (ended) return fail(CSJ_TRAILING, at);
            if (!object) return fail(CSJ_NOT_OBJECT, at);
            place = document;
            first_member = true;
            return true;
        }
        if (!read_gap(gap, gap_at, true)) return false;
        if (place == section) {
            if (!object) reject(pending_key), pending_key.clear();
            place = deep;
            gap_wanted = false;
            return true;
        }
        return enter_value(at, object);
    }

    /// A value opens directly in the document or directly in "v3".
    bool enter_value(uint64_t at, bool object) {
        bool known = true;
        if (place == v3) {
            if (pending_key == "conda") section_kind = CSJ_V3_CONDA;
            else if (pending_key == "tar.bz2") section_kind = CSJ_V3_TARBZ2;
            else known = false;
        } else if (pending_key == "packages") section_kind = CSJ_PACKAGES;
        else if (pending_key == "packages.conda") section_kind = CSJ_PACKAGES_CONDA;
        else if (pending_key == "v3") {
            if (!object) return fail(CSJ_NOT_OBJECT, at);
            place = v3;
            first_member = true;
            return true;
        } else known = false;
        if (known && !object) return fail(CSJ_NOT_OBJECT, at);
        if (known) {
            place = section;
            section_depth = depth + 1;
            first_member = true;
        } else {
            if (place == v3) pending_key.insert(0, "v3/");
            value_depth = depth;
            value_place = place;
            place = deep;
            section_depth = 0;
            gap_wanted = false;
        }
        return true;
    }
    int value_depth = 0;
    where value_place = document;

    bool close(const char *piece, size_t i, bool object) {
        uint64_t at = base + i;
        if (depth == 0 || ((kinds & 1) != 0) != object) return fail(CSJ_BAD_BRACKETS, at);
        if (gap_wanted) {
            uint64_t gap_at = gap_start;
            if (!read_gap(take_gap(piece, i), gap_at, false)) return false;
            carried.clear();
            gap_start = at + 1;
        }
        kinds >>= 1;
        depth--;
        if (place != deep) return closed_container();
        if (section_depth != 0 ? depth == section_depth : depth == value_depth) return closed_value(at);
        return true;
    }

    bool closed_container() {
        first_member = false;
        if (place == document) { place = outside; ended = true; }
        else if (place == v3) place = document;
        else { place = depth == 2 ? v3 : document; section_depth = 0; }
        return true;
    }

    bool closed_value(uint64_t at) {
        first_member = false;
        gap_wanted = true;
        gap_start = at + 1;
        if (section_depth == 0) {
            members.push_back({pending_key, pending_value_at, at + 1 - pending_value_at});
            place = value_place;
            return true;
        }
        place = section;
        return pending_key.empty() ? true : add_record(at + 1);
    }

    bool add_record(uint64_t end) {
        std::string_view key = pending_key, stem = key;
        if (section_kind == CSJ_PACKAGES) stem = without_suffix(key, ".tar.bz2");
        else if (section_kind == CSJ_PACKAGES_CONDA) stem = without_suffix(key, ".conda");
        std::string_view name = name_part(stem);
        if (name.empty() || !is_plain(key)) { reject(key); return true; }
        if (!runs.empty()) {
            csj_run &last = runs.back();
            if (last_extendable == runs.size() && last.section == section_kind && names[last.name] == name) {
                uint64_t length = end - last.offset;
                if (length > UINT32_MAX) return fail(CSJ_TOO_LARGE, end);
                last.length = static_cast<uint32_t>(length);
                last.records++;
                return true;
            }
        }
        if (end - pending_key_at > UINT32_MAX) return fail(CSJ_TOO_LARGE, end);
        runs.push_back({pending_key_at, static_cast<uint32_t>(end - pending_key_at), 1, number_of(name), section_kind});
        last_extendable = runs.size();
        return true;
    }
    size_t last_extendable = 0;

    // MARK: Bytes

    bool scan_bytes(const char *piece, size_t i, size_t end) {
        for (; i < end; i++) {
            char c = piece[i];
            if (in_string) {
                if (escaped) escaped = false;
                else if (c == '\\') escaped = true;
                else if (c == '"') in_string = false;
            } else if (c == '"') in_string = true;
            else if (c == '{' || c == '}' || c == '[' || c == ']') {
                if (!bracket(piece, i)) return false;
            }
        }
        return true;
    }

#if defined(__x86_64__)
    __attribute__((target_clones("avx2", "default")))
#endif
    size_t scan_blocks(const char *piece, size_t length) {
        size_t i = 0;
        for (; i + 64 <= length; i += 64) {
            block_t block;
            memcpy(&block, piece + i, 64);
            uint64_t backslashes = bits_of(block == '\\');
            if (__builtin_expect(backslashes != 0 || escaped, 0)) {
                if (!scan_bytes(piece, i, i + 64)) return i;
                continue;
            }
            uint64_t quotes = bits_of(block == '"');
            block_t folded = block | 0x20;  // [ and ] become { and }
            uint64_t brackets = bits_of((folded == '{') | (folded == '}'));
            uint64_t strings = prefix_parity(quotes) ^ (in_string ? ~uint64_t{0} : 0);
            in_string = (strings >> 63) != 0;
            for (brackets &= ~strings; brackets != 0; brackets &= brackets - 1)
                if (!bracket(piece, i + static_cast<size_t>(std::countr_zero(brackets)))) return i;
        }
        return i;
    }

    int feed(const char *piece, size_t length) {
        size_t done = scan_blocks(piece, length);
        if (error != CSJ_OK || !scan_bytes(piece, done, length)) return error;
        if (gap_wanted) {
            size_t from = gap_start > base ? static_cast<size_t>(gap_start - base) : 0;
            carried.append(piece + from, length - from);
        }
        base += length;
        return error;
    }

    int finish() {
        if (error != CSJ_OK) return error;
        if (place == outside && !in_string) { blank(carried, gap_start); return error; }
        fail(CSJ_TRUNCATED, base);
        return error;
    }
};

// MARK: C

extern "C" {

csj_scanner *csj_scanner_create(void) { return new (std::nothrow) csj_scanner; }
void csj_scanner_destroy(csj_scanner *scanner) { delete scanner; }

int csj_scanner_feed(csj_scanner *scanner, const void *bytes, size_t length) {
    try {
        return scanner->feed(static_cast<const char *>(bytes), length);
    } catch (const std::bad_alloc &) {
        scanner->fail(CSJ_NO_MEMORY, scanner->base);
        return CSJ_NO_MEMORY;
    }
}

int csj_scanner_finish(csj_scanner *scanner) { return scanner->finish(); }

uint64_t csj_scanner_position(const csj_scanner *scanner) {
    return scanner->error != CSJ_OK ? scanner->failed_at : scanner->base;
}

size_t csj_scanner_run_count(const csj_scanner *scanner) { return scanner->runs.size(); }
const csj_run *csj_scanner_runs(const csj_scanner *scanner) { return scanner->runs.data(); }
size_t csj_scanner_name_count(const csj_scanner *scanner) { return scanner->names.size(); }

csj_string csj_scanner_name(const csj_scanner *scanner, size_t number) {
    const std::string &name = scanner->names[number];
    return {name.data(), name.size()};
}

size_t csj_scanner_member_count(const csj_scanner *scanner) { return scanner->members.size(); }

csj_member csj_scanner_member(const csj_scanner *scanner, size_t number) {
    const auto &member = scanner->members[number];
    return {{member.key.data(), member.key.size()}, member.offset, member.length};
}

size_t csj_scanner_rejected_count(const csj_scanner *scanner) { return scanner->rejected_count; }
size_t csj_scanner_rejected_kept(const csj_scanner *scanner) { return scanner->rejected.size(); }

csj_string csj_scanner_rejected(const csj_scanner *scanner, size_t number) {
    const std::string &key = scanner->rejected[number];
    return {key.data(), key.size()};
}

}  // extern "C"
