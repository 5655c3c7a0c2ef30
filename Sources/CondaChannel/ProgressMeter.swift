/// Emits progress at most once per 128 KiB, so that small pieces do not cost more than their bytes.
struct ProgressMeter {
    let work: ChannelEvent.Work
    let events: ChannelEventHandler
    private var last: Int64 = 0

    init(work: ChannelEvent.Work, events: @escaping ChannelEventHandler) {
        self.work = work
        self.events = events
    }

    mutating func report(_ received: Int64) {
        guard received - last >= 128 << 10 else { return }
        last = received
        events(.progress(work, received: received))
    }
}
