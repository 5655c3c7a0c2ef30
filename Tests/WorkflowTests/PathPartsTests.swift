import Testing

@testable import Workflow

@Suite struct PathPartsTests {
    @Test(arguments: [
        ("a", "a", ""), ("/", "/", "/"), ("", "", ""), ("a/b", "b", "a"), ("a/b/", "b", "a"), ("/b", "b", "/"),
        ("/a//b", "b", "/a"), ("é", "é", ""), ("./x", "x", "."),
    ])
    func partsOfAPath(path: String, last: String, parent: String) {
        #expect(path.lastPathName == last)
        #expect(path.parentPath == parent)
    }
}
