import CondaArchive
import CondaModel

/// What a wheel tells of its licence: the name in its metadata, and the texts beside it (PEP 639).
package enum WheelLicense {
    /// The characters of a `License` that names one; longer ones are the text itself.
    private static let maximumLength = 120

    /// The licence that metadata names: as an expression, as a short line, or by classifiers.
    ///
    /// A text without a name is a licence of the wheel's own; nil means that it tells none.
    static func text(_ headers: WheelHeaders) -> String? {
        if let expression = stated("License-Expression", headers) { return expression }
        let license = stated("License", headers)
        if let license, license.count <= maximumLength, !headers.isFolded("License") { return license }
        return classified(headers.all("Classifier")) ?? license.map { _ in own(headers["Name"] ?? "") }
    }

    private static func stated(_ key: String, _ headers: WheelHeaders) -> String? {
        headers[key].flatMap { $0.isEmpty || $0.uppercased() == "UNKNOWN" ? nil : $0 }
    }

    private static func own(_ name: String) -> String { "LicenseRef-\(DistributionName.canonical(name))" }

    /// The licence by classifiers; of several nobody can tell whether all hold or one is to be chosen, so their words stay.
    private static func classified(_ classifiers: [String]) -> String? {
        let names = Set(classifiers.compactMap(licenseName)).sorted()
        guard names.count == 1 else { return names.isEmpty ? nil : names.joined(separator: " / ") }
        return bySpelling[names[0]] ?? names[0]
    }

    /// What follows `License ::`, less what is told of any free licence.
    private static func licenseName(_ classifier: String) -> String? {
        let parts = classifier.split(separator: " :: ").map(String.init)
        guard parts.count > 1, parts[0] == "License", let name = parts.last else { return nil }
        return ["OSI Approved", "DFSG approved"].contains(name) ? nil : name
    }

    /// Classifiers that can mean one licence only.
    ///
    /// `BSD License`, `Apache Software License` and others leave open which.
    private static let bySpelling = [
        "Aladdin Free Public License (AFPL)": "Aladdin",
        "Blue Oak Model License (BlueOak-1.0.0)": "BlueOak-1.0.0",
        "Boost Software License 1.0 (BSL-1.0)": "BSL-1.0",
        "CC0 1.0 Universal (CC0 1.0) Public Domain Dedication": "CC0-1.0",
        "CEA CNRS Inria Logiciel Libre License, version 2.1 (CeCILL-2.1)": "CECILL-2.1",
        "CMU License (MIT-CMU)": "MIT-CMU",
        "CeCILL-B Free Software License Agreement (CECILL-B)": "CECILL-B",
        "CeCILL-C Free Software License Agreement (CECILL-C)": "CECILL-C",
        "Common Development and Distribution License 1.0 (CDDL-1.0)": "CDDL-1.0",
        "Eclipse Public License 1.0 (EPL-1.0)": "EPL-1.0",
        "Eclipse Public License 2.0 (EPL-2.0)": "EPL-2.0",
        "Educational Community License, Version 2.0 (ECL-2.0)": "ECL-2.0",
        "European Union Public Licence 1.0 (EUPL 1.0)": "EUPL-1.0",
        "European Union Public Licence 1.1 (EUPL 1.1)": "EUPL-1.1",
        "European Union Public Licence 1.2 (EUPL 1.2)": "EUPL-1.2",
        "GNU Affero General Public License v3 or later (AGPLv3+)": "AGPL-3.0-or-later",
        "GNU General Public License v2 (GPLv2)": "GPL-2.0-only",
        "GNU General Public License v2 or later (GPLv2+)": "GPL-2.0-or-later",
        "GNU General Public License v3 (GPLv3)": "GPL-3.0-only",
        "GNU General Public License v3 or later (GPLv3+)": "GPL-3.0-or-later",
        "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
        "GNU Lesser General Public License v3 or later (LGPLv3+)": "LGPL-3.0-or-later",
        "ISC License (ISCL)": "ISC",
        "MIT License": "MIT",
        "MIT No Attribution License (MIT-0)": "MIT-0",
        "MirOS License (MirOS)": "MirOS",
        "Mozilla Public License 1.0 (MPL)": "MPL-1.0",
        "Mozilla Public License 1.1 (MPL 1.1)": "MPL-1.1",
        "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
        "Mulan Permissive Software License v2 (MulanPSL-2.0)": "MulanPSL-2.0",
        "NASA Open Source Agreement v1.3 (NASA-1.3)": "NASA-1.3",
        "Open Software License 3.0 (OSL-3.0)": "OSL-3.0",
        "PostgreSQL License": "PostgreSQL",
        "Python License (CNRI Python License)": "CNRI-Python",
        "Python Software Foundation License": "PSF-2.0",
        "SIL Open Font License 1.1 (OFL-1.1)": "OFL-1.1",
        "The Unlicense (Unlicense)": "Unlicense",
        "Universal Permissive License (UPL)": "UPL-1.0",
        "University of Illinois/NCSA Open Source License": "NCSA",
        "Vovida Software License 1.0": "VSL-1.0",
        "Zero-Clause BSD (0BSD)": "0BSD",
        "zlib/libpng License": "Zlib",
    ]
}

extension WheelLicense {
    /// What a licence's file is called where no metadata names it.
    private static let beginnings = ["LICENSE", "LICENCE", "COPYING", "NOTICE", "AUTHORS"]

    /// Reads the licence texts of a wheel, each under the path that it has below the wheel's licences, sorted by it.
    ///
    /// - Throws: ``PrefixError`` when the wheel cannot be read, or its texts are larger than those of a package may be.
    package static func texts(path: String, limits: ArchiveLimits = .standard) throws(PrefixError) -> [LicenseText] {
        try PrefixError.reading { () throws(ArchiveError) in
            let archive = try ZipArchive(path: path)
            let files = Dictionary(documents(archive)) { first, _ in first }
            let names = try files["METADATA"].map { (member) throws(ArchiveError) in
                WheelHeaders(try archive.read(member, limit: limits.infoMemberSize)).all("License-File")
            }
            let licenses = paths(among: Set(files.keys), named: names ?? [])
            let folder = licenses.allSatisfy { $0.hasPrefix("licenses/") } ? "licenses/" : ""
            var left = limits.infoTotalSize
            var texts: [LicenseText] = []
            for (path, member) in files.sorted(by: { $0.key < $1.key }) where licenses.contains(path) {
                let text = try archive.read(member, limit: min(left, limits.infoMemberSize))
                left -= text.count
                texts.append(LicenseText(path: String(path.dropFirst(folder.count)), text: text))
            }
            return texts
        }
    }

    /// The files of `.dist-info` by their paths in it.
    private static func documents(_ archive: ZipArchive) -> [(String, ZipArchive.Member)] {
        archive.members.compactMap { member in
            let parts = member.location.string.split(separator: "/", maxSplits: 1)
            guard !member.isDirectory, parts.count == 2, parts[0].hasSuffix(".dist-info") else { return nil }
            return (String(parts[1]), member)
        }
    }

    /// `License-File` names a file below `licenses`; earlier tools had it in other places.
    private static func paths(among files: Set<String>, named names: [String]) -> Set<String> {
        let named = names.flatMap { [$0, "licenses/\($0)", "license_files/\($0)"] }
        return files.intersection(named).union(
            files.filter { path in
                let isBeside = !path.contains("/") && beginnings.contains { path.uppercased().hasPrefix($0) }
                return isBeside || path.hasPrefix("licenses/")
            })
    }
}
