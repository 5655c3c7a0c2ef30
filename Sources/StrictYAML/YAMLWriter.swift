import CYAML

extension YAMLNode {
    /// The value as YAML of its own, for a document that it is to be kept in.
    package func yaml() throws(DocumentError) -> String {
        do {
            return try YAMLWriter.text(of: node)
        } catch {
            throw self.error("it cannot be written again: \(error.problem)")
        }
    }
}

/// libyaml's emitter: makes a document of a value.
private final class YAMLWriter {
    /// What the emitter says where it cannot go on.
    struct Fault: Error {
        let problem: String
    }

    /// A pointer, as the emitter holds its own address.
    private let emitter: UnsafeMutablePointer<yaml_emitter_t>
    private var output: [UInt8] = []

    static func text(of value: YAMLValue) throws(Fault) -> String {
        let writer = try YAMLWriter()
        try writer.emit { yaml_stream_start_event_initialize($0, YAML_UTF8_ENCODING) }
        try writer.emit { yaml_document_start_event_initialize($0, nil, nil, nil, 1) }
        try writer.write(value)
        try writer.emit { yaml_document_end_event_initialize($0, 1) }
        try writer.emit { yaml_stream_end_event_initialize($0) }
        return String(decoding: writer.output, as: UTF8.self)
    }

    private init() throws(Fault) {
        emitter = .allocate(capacity: 1)
        guard yaml_emitter_initialize(emitter) == 1 else {
            emitter.deallocate()
            throw Fault(problem: "there is no memory")
        }
        yaml_emitter_set_unicode(emitter, 1)
        yaml_emitter_set_encoding(emitter, YAML_UTF8_ENCODING)
        let handler: @convention(c) (UnsafeMutableRawPointer?, UnsafeMutablePointer<UInt8>?, Int) -> Int32 = {
            guard let writer = $0, let start = $1 else { return 0 }
            let bytes = UnsafeBufferPointer(start: start, count: $2)
            Unmanaged<YAMLWriter>.fromOpaque(writer).takeUnretainedValue().output += bytes
            return 1
        }
        // The emitter goes before this object does.
        yaml_emitter_set_output(emitter, handler, Unmanaged.passUnretained(self).toOpaque())
    }

    deinit {
        yaml_emitter_delete(emitter)
        emitter.deallocate()
    }

    private func write(_ value: YAMLValue) throws(Fault) {
        switch value.content {
        case .scalar(let text, let style):
            try emit { yaml_scalar_event_initialize($0, nil, value.tag, text, Int32(text.utf8.count), 1, 1, style) }
        case .list(let items):
            let isImplicit: Int32 = value.tag == nil ? 1 : 0
            try emit {
                yaml_sequence_start_event_initialize($0, nil, value.tag, isImplicit, YAML_ANY_SEQUENCE_STYLE)
            }
            for item in items { try write(item) }
            try emit { yaml_sequence_end_event_initialize($0) }
        case .mapping(let members):
            let isImplicit: Int32 = value.tag == nil ? 1 : 0
            try emit {
                yaml_mapping_start_event_initialize($0, nil, value.tag, isImplicit, YAML_ANY_MAPPING_STYLE)
            }
            for member in members {
                try write(member.key)
                try write(member.value)
            }
            try emit { yaml_mapping_end_event_initialize($0) }
        }
    }

    /// Makes an event and gives it to the emitter, which frees it.
    private func emit(_ prepare: (UnsafeMutablePointer<yaml_event_t>) -> Int32) throws(Fault) {
        var event = yaml_event_t()
        guard prepare(&event) == 1 else { throw Fault(problem: "there is no memory, or it is no UTF-8") }
        guard yaml_emitter_emit(emitter, &event) == 1 else {
            throw Fault(problem: emitter.pointee.problem.map { String(cString: $0) } ?? "there is no memory")
        }
    }
}
