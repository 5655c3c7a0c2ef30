import Testing

@testable import ServiceManifest

@Suite("Canonical form") struct CanonicalFormTests {
    static let original = """
        name: orders
        channels: [conda-forge]
        dependencies: [python 3.12.*, {pip: [x]}]
        variables: {B: "2", A: one}
        rpm:
          version: "2.10"
          keep: 1
          services: [{name: orders, command: orders serve, environment: {Y: 1, X: 2}}]
        """

    @Test(
        "Formatting, comments, key order, anchors and defaults leave no trace",
        arguments: [
            """
            # A comment
            rpm:
              services:
              - {environment: {X: '2', Y: "1"}, command: "orders serve", restart: on-failure, name: orders}
              version: 2.10   # unquoted
              release: auto
              layout: archives
            variables:
              A: &one one
              B: 2
            channels:
            - conda-forge
            dependencies:
            - python 3.12.*
            - pip:
              - x
            name: "orders"
            prefix: /somewhere
            """,
            """
            defaults: &settings {version: '2.10', keep: 1}
            name: orders
            channels: [conda-forge]
            dependencies: [python 3.12.*, {pip: [x]}]
            variables: {A: one, B: "2"}
            rpm:
              <<: *settings
              services: [{name: orders, command: orders serve, environment: {Y: "1", X: "2"}}]
            """,
        ])
    func sameMeaning(text: String) throws {
        let original = try decode(Self.original, path: "a/environment.yml")
        let other = try decode(text, path: "b/other.yml")
        #expect(try other.canonicalJSON() == original.canonicalJSON())
    }

    @Test(
        "Each change of meaning shows",
        arguments: [
            ("name: orders", "name: order"), ("conda-forge", "bioconda"), ("3.12.*", "3.11.*"),
            ("{pip: [x]}", "{pip: [y]}"),
            ("A: one", "A: two"), ("\"2.10\"", "2.1"), ("keep: 1", "keep: 2"), ("X: 2", "X: 3"),
            ("orders serve", "orders  serve"), ("serve,", "serve, environment_file: /etc/orders/env,"),
            ("serve,", "serve, sandbox: false,"),
            ("serve,", "serve, credentials: {token: /etc/orders/token},"), ("  keep: 1", "  compile: no"),
            ("  keep: 1", "  target: fedora"),
            ("[conda-forge]", "[conda-forge, nodefaults]"), ("  keep: 1", "  scripts: {pre: \"true\"}"),
        ])
    func otherMeaning(old: String, new: String) throws {
        let changed = Self.original.replacing(old, with: new)
        try #require(changed != Self.original)
        #expect(try decode(changed).canonicalJSON() != decode(Self.original).canonicalJSON())
    }

    @Test("The form is one line of JSON with sorted keys, without the manifest's path")
    func form() throws {
        let json = try decode("dependencies: [python]", path: "/secret/place/environment.yml").canonicalJSON()
        #expect(json.hasPrefix("{\"channels\":[],\"dependencies\":[\"python\"],\"excludesDefaultChannels\":false"))
        #expect(!json.contains("\n") && !json.contains("secret"))
    }
}
