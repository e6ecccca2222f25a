/// One element of an answer: its name without the prefix of its namespace, its text, its children.
/// Attributes are left out; no answer that we read has any that matter.
package struct XMLElement: Sendable, Equatable {
    package var name: String
    /// The characters directly inside. Between the children of an element that is the layout of the document.
    package var text: String
    package var children: [XMLElement]

    package init(name: String, text: String = "", children: [XMLElement] = []) {
        self.name = name
        self.text = text
        self.children = children
    }

    /// The first child of this name.
    package subscript(name: String) -> XMLElement? {
        children.first { $0.name == name }
    }

    /// The first element below by this way of names.
    package func child(at path: [String]) -> XMLElement? {
        var element = self
        for name in path {
            guard let next = element[name] else { return nil }
            element = next
        }
        return element
    }

    /// The elements of a list: the children called `item` of the child called `list`. A list that is not
    /// there is an empty one: AWS writes both.
    package func list(_ list: String, of item: String) -> [XMLElement] {
        self[list]?.children.filter { $0.name == item } ?? []
    }

    /// The text of a child that must be there and not be empty.
    package func required(_ name: String) throws(XMLError) -> String {
        guard let text = optional(name) else {
            throw XMLError(reason: "an element \(self.name) has no \(name)")
        }
        return text
    }

    /// The text of a child; nil where there is none or it is empty.
    package func optional(_ name: String) -> String? {
        guard let text = self[name]?.text, !text.isEmpty else { return nil }
        return text
    }

    /// The boolean in a child; nil where there is no such child.
    package func boolean(_ name: String) throws(XMLError) -> Bool? {
        switch optional(name)?.lowercased() {
        case nil: return nil
        case "true": return true
        case "false": return false
        case let text?: throw XMLError(reason: "\(name) is neither true nor false but \(text)")
        }
    }

    /// The integer in a child; nil where there is no such child.
    package func integer(_ name: String) throws(XMLError) -> Int? {
        guard let text = optional(name) else { return nil }
        guard let value = Int(text) else { throw XMLError(reason: "\(name) is no integer but \(text)") }
        return value
    }
}

/// A text is not XML, or not the XML that was asked for.
package struct XMLError: Error, Sendable, Equatable {
    package var reason: String

    package init(reason: String) {
        self.reason = reason
    }
}
