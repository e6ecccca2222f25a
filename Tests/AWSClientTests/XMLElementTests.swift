import AWSClient
import Testing

@Suite struct XMLElementTests {
    private func parse(_ text: String) throws -> XMLElement { try XMLElement(parsing: Array(text.utf8)) }

    @Test("Elements have local names, text and children in their order")
    func tree() throws {
        let root = try parse(
            "<?xml version=\"1.0\"?><a:R xmlns:a=\"u\" x=\"y\"><L><I>1</I><J/><I>2 &amp; &#252;<![CDATA[<]]></I></L></a:R>"
        )
        #expect(root.name == "R")
        #expect(root.list("L", of: "I").map(\.text) == ["1", "2 & ü<"])
        #expect(root.child(at: ["L", "I"])?.text == "1")
        #expect(root.child(at: ["L", "K"]) == nil)
        #expect(root.list("M", of: "I").isEmpty)
        #expect(root["L"]?.optional("J") == nil)
    }

    @Test(
        "What is not whole, or not harmless, is refused",
        arguments: [
            "", " ", "<a>", "<a></b>", "<a/><b/>", "plain", "<html><br></html>", "<a>&nbsp;</a>", "<a>\u{0}</a>",
            "<!DOCTYPE a><a/>", "<!DOCTYPE a [<!ENTITY e \"x\">]><a>&e;</a>",
            "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>",
        ])
    func refusing(_ text: String) {
        #expect(throws: XMLError.self) { try parse(text) }
    }

    @Test("Bytes that are not UTF-8 are refused")
    func encoding() {
        #expect(throws: XMLError.self) {
            try XMLElement(parsing: Array("<a>".utf8) + [0xFF, 0xFE] + Array("</a>".utf8))
        }
    }

    @Test(
        "64 levels are read, 65 refused, a million refused without harm",
        arguments: [(64, true), (65, false), (1_000_000, false)])
    func depth(levels: Int, isRead: Bool) {
        let text = String(repeating: "<a>", count: levels) + String(repeating: "</a>", count: levels)
        #expect(((try? parse(text)) != nil) == isRead)
    }

    @Test("An error names the line")
    func line() {
        #expect { try parse("<a>\n\n<b></a>") } throws: { ($0 as? XMLError)?.reason.contains("line 3") == true }
    }

    @Test("Values of the wrong kind are refused, missing ones are nil")
    func values() throws {
        let root = try parse("<a><t>true</t><f>FALSE</f><b>maybe</b><n>12</n><m>1e3</m><e></e></a>")
        #expect(try root.boolean("t") == true)
        #expect(try root.boolean("f") == false)
        #expect(try root.boolean("z") == nil)
        #expect(throws: XMLError.self) { try root.boolean("b") }
        #expect(try root.integer("n") == 12)
        #expect(try root.integer("e") == nil)
        #expect(throws: XMLError.self) { try root.integer("m") }
        #expect(throws: XMLError.self) { try root.required("e") }
    }
}
