/// A tag of a header: numbers fixed by the file format, written out here so that they do not depend on the headers of
/// the librpm that is compiled against.
struct RPMTag: RawRepresentable, Hashable, Sendable {
    let rawValue: Int32

    init(rawValue: Int32) { self.rawValue = rawValue }

    private init(_ rawValue: Int32) { self.rawValue = rawValue }

    // Regions.
    static let signatures = RPMTag(62)
    static let immutable = RPMTag(63)

    // The package.
    static let name = RPMTag(1000)
    static let version = RPMTag(1001)
    static let release = RPMTag(1002)
    static let epoch = RPMTag(1003)
    static let summary = RPMTag(1004)
    static let description = RPMTag(1005)
    static let buildTime = RPMTag(1006)
    static let buildHost = RPMTag(1007)
    static let size = RPMTag(1009)
    static let vendor = RPMTag(1011)
    static let license = RPMTag(1014)
    static let packager = RPMTag(1015)
    static let group = RPMTag(1016)
    static let url = RPMTag(1020)
    static let os = RPMTag(1021)
    static let arch = RPMTag(1022)
    static let sourceRPM = RPMTag(1044)
    static let rpmVersion = RPMTag(1064)
    static let source = RPMTag(1018)
    static let exclusiveArch = RPMTag(1061)
    static let buildArchs = RPMTag(1089)
    static let sourcePackage = RPMTag(1106)
    static let changelogTime = RPMTag(1080)
    static let changelogName = RPMTag(1081)
    static let changelogText = RPMTag(1082)
    static let prefixes = RPMTag(1098)
    static let platform = RPMTag(1132)
    static let longSize = RPMTag(5009)
    static let encoding = RPMTag(5062)

    // The payload.
    static let payloadFormat = RPMTag(1124)
    static let payloadCompressor = RPMTag(1125)
    static let payloadFlags = RPMTag(1126)
    static let payloadDigest = RPMTag(5092)
    static let payloadDigestAlgorithm = RPMTag(5093)
    static let payloadDigestAlternate = RPMTag(5097)

    // Scriptlets.
    static let pre = RPMTag(1023)
    static let post = RPMTag(1024)
    static let preun = RPMTag(1025)
    static let postun = RPMTag(1026)
    static let verifyScript = RPMTag(1079)
    static let preInterpreter = RPMTag(1085)
    static let postInterpreter = RPMTag(1086)
    static let preunInterpreter = RPMTag(1087)
    static let postunInterpreter = RPMTag(1088)
    static let verifyScriptInterpreter = RPMTag(1091)
    static let pretrans = RPMTag(1151)
    static let posttrans = RPMTag(1152)
    static let pretransInterpreter = RPMTag(1153)
    static let posttransInterpreter = RPMTag(1154)

    // Files.
    static let oldFileNames = RPMTag(1027)
    static let fileSizes = RPMTag(1028)
    static let fileModes = RPMTag(1030)
    static let fileDevices = RPMTag(1095)
    static let fileRdevs = RPMTag(1033)
    static let fileTimes = RPMTag(1034)
    static let fileDigests = RPMTag(1035)
    static let fileLinks = RPMTag(1036)
    static let fileFlags = RPMTag(1037)
    static let fileUsers = RPMTag(1039)
    static let fileGroups = RPMTag(1040)
    static let fileVerifyFlags = RPMTag(1045)
    static let fileInodes = RPMTag(1096)
    static let fileLanguages = RPMTag(1097)
    static let directoryIndexes = RPMTag(1116)
    static let baseNames = RPMTag(1117)
    static let directoryNames = RPMTag(1118)
    static let longFileSizes = RPMTag(5008)
    static let fileDigestAlgorithm = RPMTag(5011)

    // Files: what only librpm's own file list reads.
    static let fileStates = RPMTag(1029)
    static let originalDirectoryIndexes = RPMTag(1119)
    static let originalBaseNames = RPMTag(1120)
    static let originalDirectoryNames = RPMTag(1121)
    static let fileColors = RPMTag(1140)
    static let fileClasses = RPMTag(1141)
    static let classDictionary = RPMTag(1142)
    static let fileDependsStart = RPMTag(1143)
    static let fileDependsCount = RPMTag(1144)
    static let dependsDictionary = RPMTag(1145)
    static let fileCapabilities = RPMTag(5010)
    static let fileSignatures = RPMTag(5090)
    static let fileSignatureLength = RPMTag(5091)
    static let fileMimeIndexes = RPMTag(5115)
    static let mimeDictionary = RPMTag(5116)
    static let veritySignatures = RPMTag(276)
    static let veritySignatureAlgorithm = RPMTag(277)

    // The signature header; 1000 to 1008 mean something else in the main header.
    static let signatureSize = RPMTag(1000)
    static let signaturePGP = RPMTag(1002)
    static let signatureMD5 = RPMTag(1004)
    static let signatureGPG = RPMTag(1005)
    static let signaturePayloadSize = RPMTag(1007)
    static let signatureReservedSpace = RPMTag(1008)
    static let signatureDSA = RPMTag(267)
    static let signatureRSA = RPMTag(268)
    static let signatureSHA1 = RPMTag(269)
    static let signatureLongSize = RPMTag(270)
    static let signatureLongPayloadSize = RPMTag(271)
    static let signatureSHA256 = RPMTag(273)
    static let signatureOpenPGP = RPMTag(278)
}

/// The three tags of one kind of relation.
struct RPMRelationTags: Sendable {
    let name: RPMTag
    let flags: RPMTag
    let version: RPMTag

    private init(_ name: Int32, _ flags: Int32, _ version: Int32) {
        self.name = RPMTag(rawValue: name)
        self.flags = RPMTag(rawValue: flags)
        self.version = RPMTag(rawValue: version)
    }

    static let provides = RPMRelationTags(1047, 1112, 1113)
    static let requires = RPMRelationTags(1049, 1048, 1050)
    static let conflicts = RPMRelationTags(1054, 1053, 1055)
    static let obsoletes = RPMRelationTags(1090, 1114, 1115)
    static let recommends = RPMRelationTags(5046, 5048, 5047)
}
