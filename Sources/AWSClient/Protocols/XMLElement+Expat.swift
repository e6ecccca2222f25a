internal import CExpat

extension XMLElement {
    /// No answer of AWS is deeper than about ten levels.
    package static let maximumDepth = 64

    /// Reads an XML document. A document type declaration is refused, and with it every entity but the
    /// five of XML itself: expansion and outside files are attacks, and AWS sends none.
    package init(parsing document: [UInt8]) throws(XMLError) {
        guard let size = Int32(exactly: document.count) else { throw XMLError(reason: "the document is too long") }
        guard let parser = XML_ParserCreate(nil) else { throw XMLError(reason: "expat has no memory") }
        defer { XML_ParserFree(parser) }
        // expat calls back only within XML_Parse, and `builder` outlives that.
        let builder = XMLTreeBuilder(parser: parser)
        let failure: XMLError? = withExtendedLifetime(builder) {
            XML_SetUserData(parser, Unmanaged.passUnretained(builder).toOpaque())
            XML_SetElementHandler(
                parser,
                { context, name, _ in XMLTreeBuilder.from(context)?.start(name) },
                { context, _ in XMLTreeBuilder.from(context)?.end() })
            XML_SetCharacterDataHandler(parser) { context, bytes, count in
                XMLTreeBuilder.from(context)?.append(bytes, count)
            }
            XML_SetStartDoctypeDeclHandler(parser) { context, _, _, _, _ in
                XMLTreeBuilder.from(context)?.refuse("it has a document type declaration")
            }
            let status = document.withUnsafeBytes { bytes in
                XML_Parse(parser, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), size, 1)
            }
            guard status != XML_STATUS_OK else { return nil }
            let line = XML_GetCurrentLineNumber(parser)
            let reason =
                builder.refusal ?? XML_ErrorString(XML_GetErrorCode(parser)).map { String(cString: $0) }
                ?? "unknown error"
            return XMLError(reason: "it is not XML that can be read (line \(line)): \(reason)")
        }
        if let failure { throw failure }
        guard let root = builder.root else { throw XMLError(reason: "it has no element") }
        self = root
    }
}

/// What expat's callbacks build upon. A class, because C points back to it.
private final class XMLTreeBuilder {
    private let parser: XML_Parser
    /// The elements that are open, the outermost first.
    private var open: [(name: String, text: [UInt8], children: [XMLElement])] = []
    private(set) var root: XMLElement?
    /// Why the document was given up, where it was not expat that did.
    private(set) var refusal: String?

    init(parser: XML_Parser) {
        self.parser = parser
    }

    static func from(_ context: UnsafeMutableRawPointer?) -> XMLTreeBuilder? {
        context.map { Unmanaged<XMLTreeBuilder>.fromOpaque($0).takeUnretainedValue() }
    }

    func start(_ name: UnsafePointer<XML_Char>?) {
        // expat may finish the token that it is at after it was told to stop.
        guard let name, refusal == nil else { return }
        guard open.count < XMLElement.maximumDepth else {
            return refuse("it nests deeper than \(XMLElement.maximumDepth) elements")
        }
        let qualified = String(cString: name)
        let local = qualified.split(separator: ":").last.map(String.init) ?? qualified
        open.append((name: local, text: [], children: []))
    }

    func end() {
        guard refusal == nil, let closed = open.popLast() else { return }
        let element = XMLElement(
            name: closed.name, text: String(decoding: closed.text, as: UTF8.self), children: closed.children)
        if open.isEmpty { root = element } else { open[open.count - 1].children.append(element) }
    }

    func append(_ bytes: UnsafePointer<XML_Char>?, _ count: Int32) {
        guard let bytes, count > 0, !open.isEmpty else { return }
        open[open.count - 1].text += UnsafeRawBufferPointer(start: bytes, count: Int(count))
    }

    func refuse(_ reason: String) {
        refusal = reason
        // It fails only where the parser has stopped already.
        _ = XML_StopParser(parser, 0)
    }
}
