internal import CLibcurl

/// What an event loop gives libcurl to do: a request, or a connection for something else than HTTP.
protocol LoopHandle: AnyObject, Sendable {
    var handle: EasyHandle { get }
    var isCancelled: Bool { get }
    /// From any thread; the loop has to hear of it, too.
    func markCancelled()
    /// libcurl is done with it, for now.
    func complete(_ code: CURLcode) -> LoopHandleEnd
    /// The loop gives it up.
    func fail(_ code: HTTPTransportError.Code, _ reason: String)
}

enum LoopHandleEnd {
    /// libcurl has no more to do with it.
    case isDone
    /// libcurl made a connection that lasts until the handle is taken from it.
    case staysConnected(Stream)
}
