import Commands

/// The executable is a door: everything behind it stands in libraries that tests can call.
@main
enum Main {
    static func main() async {
        await CondaRPM.start()
    }
}
