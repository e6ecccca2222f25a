import Foundation

/// The emulator itself could not do what it was asked; never an answer of an emulated service.
package struct LocalAWSError: Error, LocalizedError, CustomStringConvertible, Sendable {
    package let description: String
    package var errorDescription: String? { description }

    package init(_ description: String) { self.description = description }
}
