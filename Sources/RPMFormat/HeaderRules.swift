/// The types and counts that tags have in honest packages (`rpmtag.h` of rpm 4.18 and 6.0; the comments there), for every
/// tag that is read here and that librpm's file list reads.
struct HeaderRules {
    /// A data type of the file format (`rpmTagType`).
    enum DataType: UInt32, CaseIterable {
        case char = 1
        case int8, int16, int32, int64, string, binary, stringArray, translatedString

        /// What messages call it.
        var name: String {
            switch self {
            case .char: "characters"
            case .int8: "8-bit numbers"
            case .int16: "16-bit numbers"
            case .int32: "32-bit numbers"
            case .int64: "64-bit numbers"
            case .string: "a string"
            case .binary: "bytes"
            case .stringArray: "strings"
            case .translatedString: "a translated string"
            }
        }
    }

    /// How many values a tag has.
    enum Count {
        case any
        case exactly(Int)
        /// As many as the first of these tags that is there.
        case like([RPMTag])
    }

    /// What one tag must be.
    struct Rule {
        let types: [DataType]
        let count: Count
    }

    private let rules: [Int32: Rule]

    private init(_ groups: [(types: [DataType], count: Count, tags: [RPMTag])]) {
        let pairs = groups.flatMap { group in
            group.tags.map { ($0.rawValue, Rule(types: group.types, count: group.count)) }
        }
        rules = Dictionary(pairs) { first, _ in first }
    }

    /// The rule of a tag; nil for one that nobody reads here.
    subscript(tag: Int32) -> Rule? { rules[tag] }

    /// All tags that have a rule.
    var tags: [Int32] { rules.keys.sorted() }

    /// The main header.
    static let package = HeaderRules(texts + numbers + relations + fileLists)

    /// The signature header, where 1000 to 1008 mean something else.
    static let signature = HeaderRules([
        ([.int32], .exactly(1), [.signatureSize, .signaturePayloadSize]),
        ([.int64], .exactly(1), [.signatureLongSize, .signatureLongPayloadSize]),
        ([.string], .exactly(1), [.signatureSHA1, .signatureSHA256]),
        ([.binary], .exactly(16), [.signatureMD5]),
        (
            [.binary], .any,
            [.signaturePGP, .signatureGPG, .signatureRSA, .signatureDSA, .signatureReservedSpace]
        ),
        ([.stringArray], .any, [.signatureOpenPGP]),
    ])

    private static let texts: [(types: [DataType], count: Count, tags: [RPMTag])] = [
        (
            [.string], .exactly(1),
            [
                .name, .version, .release, .arch, .os, .license, .vendor, .packager, .url, .sourceRPM, .rpmVersion,
                .buildHost, .platform, .encoding, .payloadFormat, .payloadCompressor, .payloadFlags,
                .pre, .post, .preun, .postun, .pretrans, .posttrans, .verifyScript,
            ]
        ),
        ([.translatedString, .string, .stringArray], .any, [.summary, .description, .group]),
        (
            [.string, .stringArray], .any,
            [
                .preInterpreter, .postInterpreter, .preunInterpreter, .postunInterpreter, .pretransInterpreter,
                .posttransInterpreter, .verifyScriptInterpreter, .payloadDigest, .payloadDigestAlternate,
            ]
        ),
        ([.stringArray], .any, [.prefixes, .source, .exclusiveArch, .buildArchs, .changelogName]),
        ([.stringArray], .like([.changelogName]), [.changelogText]),
    ]

    private static let numbers: [(types: [DataType], count: Count, tags: [RPMTag])] = [
        (
            [.int32], .exactly(1),
            [.epoch, .buildTime, .size, .sourcePackage, .payloadDigestAlgorithm, .fileDigestAlgorithm]
        ),
        ([.int64], .exactly(1), [.longSize]),
        ([.int32], .like([.changelogName]), [.changelogTime]),
    ]

    private static var relations: [(types: [DataType], count: Count, tags: [RPMTag])] {
        [RPMRelationTags.provides, .requires, .conflicts, .obsoletes, .recommends].flatMap { tags in
            [
                ([DataType.stringArray], Count.any, [tags.name]),
                ([.int32], .like([tags.name]), [tags.flags]),
                ([.stringArray], .like([tags.name]), [tags.version]),
            ]
        }
    }

    private static let perFile = Count.like([.baseNames, .oldFileNames])

    private static let fileLists: [(types: [DataType], count: Count, tags: [RPMTag])] = [
        ([.stringArray], .any, [.baseNames, .directoryNames, .oldFileNames]),
        (
            [.stringArray], perFile,
            [
                .fileDigests, .fileLinks, .fileUsers, .fileGroups, .fileLanguages, .fileCapabilities, .fileSignatures,
                .veritySignatures,
            ]
        ),
        ([.int16], perFile, [.fileModes, .fileRdevs]),
        (
            [.int32], perFile,
            [
                .directoryIndexes, .fileSizes, .fileTimes, .fileFlags, .fileVerifyFlags, .fileDevices, .fileInodes,
                .fileColors, .fileClasses, .fileDependsStart, .fileDependsCount, .fileMimeIndexes,
            ]
        ),
        ([.int64], perFile, [.longFileSizes]),
        ([.char], perFile, [.fileStates]),
        ([.stringArray], .any, [.classDictionary, .mimeDictionary, .originalDirectoryNames]),
        ([.int32], .any, [.dependsDictionary]),
        // A relocated package names its files twice.
        ([.stringArray], perFile, [.originalBaseNames]),
        ([.int32], .like([.originalBaseNames]), [.originalDirectoryIndexes]),
        ([.int32], .exactly(1), [.fileSignatureLength, .veritySignatureAlgorithm]),
    ]
}
