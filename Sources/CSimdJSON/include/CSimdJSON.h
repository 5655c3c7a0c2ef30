/// A plain C face of two C++ jobs on repodata.json: finding where the records of each package name are, and parsing them.
///
/// The scanner reads the document once, in pieces, and keeps only byte ranges. It does not build simdjson's structural
/// index of the whole document, because that index alone costs four bytes per token: more memory than the document itself
/// in the end. simdjson parses, and thereby validates, the few ranges that a solve reaches.
#ifndef CSIMDJSON_H
#define CSIMDJSON_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Bytes that are not NUL-terminated and not owned. `bytes` is NULL when the value is absent or null.
typedef struct {
    const char *_Nullable bytes;
    size_t length;
} csj_string;

/// A sequence of strings; `items` is NULL when the value is absent or null.
typedef struct {
    const csj_string *_Nullable items;
    size_t count;
} csj_strings;

// MARK: Scanner

/// The section of repodata.json that a run lies in.
enum {
    CSJ_PACKAGES = 0,        ///< "packages": keys end in .tar.bz2
    CSJ_PACKAGES_CONDA = 1,  ///< "packages.conda": keys end in .conda
    CSJ_V3_TARBZ2 = 2,       ///< "v3"/"tar.bz2" (CEP 48): keys have no suffix
    CSJ_V3_CONDA = 3,        ///< "v3"/"conda"
};

/// Adjacent records of one name in one section: `"KEY": {...}, "KEY": {...}` without surrounding braces.
typedef struct {
    uint64_t offset;   ///< of the first key's opening quote
    uint32_t length;   ///< up to and with the last record's closing brace
    uint32_t records;  ///< how many, at least 1
    uint32_t name;     ///< number of the name, see csj_scanner_name
    uint32_t section;  ///< CSJ_PACKAGES...
} csj_run;

/// A top-level member that is no section of records, for example "info" or "removed": where its value lies.
typedef struct {
    csj_string key;
    uint64_t offset;
    uint64_t length;
} csj_member;

/// What a scan found wrong, 0 is nothing.
enum {
    CSJ_OK = 0,
    CSJ_TRUNCATED,      ///< the document ends inside a value
    CSJ_NOT_OBJECT,     ///< the document, or a section, is no JSON object
    CSJ_BAD_BRACKETS,   ///< a bracket closes what it did not open
    CSJ_BAD_MEMBER,     ///< no "key": value where one is expected
    CSJ_TOO_DEEP,       ///< more than 64 levels
    CSJ_TRAILING,       ///< something follows the document
    CSJ_TOO_LARGE,      ///< a run over 4 GiB
    CSJ_NO_MEMORY,
};

typedef struct csj_scanner csj_scanner;

csj_scanner *_Nullable csj_scanner_create(void);
void csj_scanner_destroy(csj_scanner *_Nonnull scanner);
/// Scans the next piece. Returns CSJ_OK or the error; after an error feed no more.
int csj_scanner_feed(csj_scanner *_Nonnull scanner, const void *_Nonnull bytes, size_t length);
/// Says that the document is complete. An empty document counts as an empty object (CEP 36).
int csj_scanner_finish(csj_scanner *_Nonnull scanner);
/// Where the scan stands, or where it failed, in bytes from the beginning.
uint64_t csj_scanner_position(const csj_scanner *_Nonnull scanner);

size_t csj_scanner_run_count(const csj_scanner *_Nonnull scanner);
const csj_run *_Nullable csj_scanner_runs(const csj_scanner *_Nonnull scanner);
size_t csj_scanner_name_count(const csj_scanner *_Nonnull scanner);
csj_string csj_scanner_name(const csj_scanner *_Nonnull scanner, size_t number);
size_t csj_scanner_member_count(const csj_scanner *_Nonnull scanner);
csj_member csj_scanner_member(const csj_scanner *_Nonnull scanner, size_t number);
/// Keys that are no NAME-VERSION-BUILD file name, or whose value is no object: at most 100 are kept, all are counted.
size_t csj_scanner_rejected_count(const csj_scanner *_Nonnull scanner);
size_t csj_scanner_rejected_kept(const csj_scanner *_Nonnull scanner);
csj_string csj_scanner_rejected(const csj_scanner *_Nonnull scanner, size_t number);

// MARK: Records

/// Which optional numbers and features a record has.
enum {
    CSJ_HAS_BUILD_NUMBER = 1,
    CSJ_HAS_SIZE = 2,
    CSJ_HAS_TIMESTAMP = 4,
    CSJ_NOARCH_TRUE = 8,      ///< "noarch": true, an old way to say generic
    CSJ_EXTRA_DEPENDS = 16,   ///< a non-empty "extra_depends" (CEP 44)
    CSJ_FLAGS = 32,           ///< a non-empty "flags" (CEP 45)
};

/// One record as written; strings are unescaped.
typedef struct {
    csj_string key, name, version, build, subdir, md5, sha256, noarch, arch, platform;
    csj_string license, license_family, features, python_site_packages_path, track_features_text;
    csj_strings depends, constrains, track_features;
    int64_t build_number, size, timestamp;
    uint32_t has;
    csj_string wrong;  ///< the field whose type is not what CEP 34 says; the record cannot be used
} csj_record;

typedef struct csj_parser csj_parser;

csj_parser *_Nullable csj_parser_create(void);
void csj_parser_destroy(csj_parser *_Nonnull parser);
/// How many readable bytes must follow the document handed to csj_parser_records.
size_t csj_padding(void);
/// Parses a JSON object of records. Returns their number, or -1 when the text is no valid JSON: see csj_parser_error.
/// Records and their strings live until the next call with the same parser.
int64_t csj_parser_records(csj_parser *_Nonnull parser, const void *_Nonnull bytes, size_t length,
                           const csj_record *_Nullable *_Nonnull records);
const char *_Nonnull csj_parser_error(const csj_parser *_Nonnull parser);
/// Parses a JSON array of strings; other elements are skipped. Same results and lifetime as csj_parser_records.
int64_t csj_parser_strings(csj_parser *_Nonnull parser, const void *_Nonnull bytes, size_t length,
                           const csj_string *_Nullable *_Nonnull strings);

#ifdef __cplusplus
}
#endif
#endif
