import CondaModel

/// Something that can be chosen for a name.
struct Candidate {
    let record: PackageRecord
    let name: NameID
    let kind: Kind
    /// The place of its channel in the order of priority; larger numbers come later.
    let channel: Int32
    let buildNumber: Int
    /// Whether the record tracks features, which puts it behind all others of its name.
    let tracksFeatures: Bool

    /// Where a candidate comes from.
    enum Kind {
        case record, locked, virtual
    }

    init(record: PackageRecord, name: NameID, kind: Kind, channel: Int32) {
        self.record = record
        self.name = name
        self.kind = kind
        self.channel = channel
        buildNumber = record.buildNumber
        tracksFeatures = !record.trackFeatures.isEmpty
    }
}
