import Testing

@testable import ServiceManifest

@Suite("Secrets") struct SecretTests {
    @Test(
        "Names that look like secrets",
        arguments: [
            "PASSWORD", "DB_PASSWORD", "PGPASSWORD", "MYSQL_PWD", "DBPASSWD", "password", "dbPassword", "SECRET",
            "SECRET_KEY", "CLIENT_SECRET", "SECRET_KEY_BASE", "API_KEY", "APIKEY", "apiKey", "AWS_SECRET_ACCESS_KEY",
            "ENCRYPTION_KEY", "TOKEN", "GITHUB_TOKEN", "AUTHTOKEN", "CREDENTIAL", "DB_CREDENTIALS", "KEY_PASSPHRASE",
            "SMTP_PASS", "PRIVATE_KEY", "TOKEN_PROD",
        ])
    func secrets(name: String) { #expect(SecretName.isSecret(name, value: "hunter2")) }

    @Test(
        "Names that look like secrets to a search for words",
        arguments: [
            "KEYBOARD", "MONKEY", "HOTKEY", "KEYSTONE", "SECRETARY", "TOKENIZERS_PARALLELISM", "TOKENIZER",
            "PUBLIC_KEY", "PUBLIC_KEY_PATH", "SSH_PUB_KEY", "AWS_ACCESS_KEY_ID", "TOKEN_TTL", "KEY_PREFIX",
            "SECRET_NAME", "PASSWORD_MIN_LENGTH", "COMPASS", "BYPASS", "PASSENGER", "ORDERS_CONFIG", "PWDS", "KEYS",
        ])
    func others(name: String) { #expect(!SecretName.isSecret(name, value: "hunter2")) }

    @Test(
        "Values decide where a name may mean a place or a number",
        arguments: [
            ("DB_PASSWORD_FILE", "/run/secrets/db", false), ("DB_PASSWORD_FILE", "hunter2", true),
            ("TLS_KEY_PATH", "tls/server.key", false), ("TLS_KEY_PATH", "server.key", false),
            ("SECRETS_DIR", "/etc/orders", false), ("TOKEN_URL", "https://login.example.com/token", false),
            ("TLS_KEY", "/etc/pki/tls/private/orders.key", false), ("SORT_TOKEN", "3", false),
            ("PASSWORD", "12345", true), ("PASSWORD", "/looks/like/a/path", true), ("PASSWORD", "", false),
            ("PASSWORD", "false", false), ("PASSWORD", "${DB_PASSWORD}", false), ("USE_TOKEN", "yes", false),
        ])
    func values(name: String, value: String, expected: Bool) {
        #expect(SecretName.isSecret(name, value: value) == expected)
    }

    @Test(
        "Passwords among other things",
        arguments: [
            ("postgres://me:hunter2@db/orders", true), ("redis://:hunter2@cache:6379/0", true),
            ("postgres://me@db/orders", false), ("http://127.0.0.1:8000/a@b", false), ("http://h:80/?x=a:b@c", false),
            ("postgres://me:${PASSWORD}@db", false), ("host=db user=me password=hunter2", true),
            ("Server=db;Pwd=hunter2;", true), ("AccountName=a;AccountKey=b64==", true),
            ("host=db password=<password>", false), ("max_password=3", false),
        ])
    func passwords(value: String, expected: Bool) { #expect(SecretName.hasPassword(value) == expected) }

    @Test("A build warns with the place and the remedy, once for each")
    func warnings() throws {
        let manifest = try decode(
            """
            dependencies: [python]
            variables: {A: b, DB_PASSWORD: hunter2, DSN: "postgres://me:hunter2@db"}
            rpm:
              services:
              - {name: a, command: a}
              - {name: b, command: b, environment: {API_KEY: x, PUBLIC_KEY: y}}
            """)
        let texts = manifest.warnings.map(\.description)
        #expect(texts.count == 3)
        #expect(texts.first?.contains(":2:19: variables.DB_PASSWORD: looks like a secret") == true)
        #expect(texts.last?.contains("rpm.services[1].environment.API_KEY: looks like a secret") == true)
        #expect(texts.allSatisfy { $0.contains("environment_file") && !$0.contains("hunter2") })
    }

    @Test("Where secrets are found on a host")
    func places() throws {
        let service = try #require(
            try decodeRPM(
                "services: [{name: a, command: a, environment_file: -/etc/a/env, credentials: {z: /y, b: /c}}]"
            ).services.first)
        #expect(service.environmentFile == "-/etc/a/env")
        #expect(service.credentials == [Credential(name: "b", path: "/c"), Credential(name: "z", path: "/y")])
    }
}
