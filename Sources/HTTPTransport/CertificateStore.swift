internal import CLibssl
internal import Glibc

/// What OpenSSL trusts: the certificates of a bundle, each parsed when a chain first leads to it.
///
/// `@unchecked`: an `X509_STORE` has a lock of its own, and the rest never changes.
final class CertificateStore: @unchecked Sendable {
    private let store: OpaquePointer

    /// - Parameter path: of a PEM file.
    init(bundleAt path: String) throws(CertificateBundle.Problem) {
        let bundle = try CertificateBundle(pem: try Self.contents(of: path))
        guard let store = X509_STORE_new() else { throw CertificateBundle.Problem(reason: "out of memory") }
        self.store = store
        // As libcurl has it: a certificate of the bundle is trusted whether or not it is self-signed.
        X509_STORE_set_flags(store, UInt(X509_V_FLAG_PARTIAL_CHAIN))
        let source = CertificateSource(bundle, store)
        guard bundle.count > Self.mostAtOnce else {
            try source.addAll(from: path)
            return
        }
        guard let method = CertificateSource.method.pointer, let lookup = X509_STORE_add_lookup(store, method) else {
            throw CertificateBundle.Problem(reason: "out of memory")
        }
        // The store frees it: it may outlive this object, with a connection that has it.
        X509_LOOKUP_set_method_data(lookup, Unmanaged.passRetained(source).toOpaque())
    }

    deinit {
        X509_STORE_free(store)
    }

    /// A bundle of one's own is small, and what is wrong in it had better be known at once. Its authorities may write a
    /// name as an issuer in yet another way than as a subject (RFC 5280, 4.1.2.6, forbids it), with other spaces.
    private static let mostAtOnce = 16

    /// - Parameter context: an `SSL_CTX *`.
    func use(in context: UnsafeMutableRawPointer, readsAhead: Bool) {
        SSL_CTX_set1_cert_store(OpaquePointer(context), store)
        if readsAhead { promoter_ssl_context_read_ahead(OpaquePointer(context)) }
    }

    private static func contents(of path: String) throws(CertificateBundle.Problem) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw CertificateBundle.Problem(reason: String(cString: strerror(errno))) }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_size < 64 << 20 else {
            throw CertificateBundle.Problem(reason: "it is no file of a usual size")
        }
        var failure: Int32 = 0
        let contents = [UInt8](unsafeUninitializedCapacity: Int(status.st_size) + 1) { buffer, count in
            while count < buffer.count, let base = buffer.baseAddress {
                let got = read(file, base + count, buffer.count - count)
                if got < 0 && errno == EINTR { continue }
                if got < 0 { failure = errno }
                guard got > 0 else { return }
                count += got
            }
        }
        guard failure == 0 else { throw CertificateBundle.Problem(reason: String(cString: strerror(failure))) }
        return contents
    }
}

/// Where a store finds what it does not have yet.
private final class CertificateSource {
    private let bundle: CertificateBundle
    /// Not retained: the store owns this object.
    private let store: OpaquePointer

    init(_ bundle: CertificateBundle, _ store: OpaquePointer) {
        self.bundle = bundle
        self.store = store
    }

    func addAll(from path: String) throws(CertificateBundle.Problem) {
        for index in 0..<bundle.count {
            guard let certificate = parse(index) else {
                throw CertificateBundle.Problem(reason: "its certificate number \(index + 1) is damaged")
            }
            X509_STORE_add_cert(store, certificate)
            X509_free(certificate)
        }
    }

    /// Adds all certificates whose subject this is, and lends one of them to `object`, as a lookup has to.
    ///
    /// - Returns: whether there is one.
    private func find(_ name: OpaquePointer, _ object: OpaquePointer) -> Bool {
        var encoded: UnsafePointer<UInt8>?
        var length = 0
        guard X509_NAME_get0_der(name, &encoded, &length) == 1, length > 0 else { return false }
        for index in bundle.certificates(withSubject: UnsafeBufferPointer(start: encoded, count: length)) {
            guard let certificate = parse(index) else { continue }
            X509_STORE_add_cert(store, certificate)
            X509_free(certificate)
        }
        X509_STORE_lock(store)
        defer { X509_STORE_unlock(store) }
        guard let found = X509_OBJECT_retrieve_by_subject(X509_STORE_get0_objects(store), X509_LU_X509, name),
            let certificate = X509_OBJECT_get0_X509(found), X509_OBJECT_set1_X509(object, certificate) == 1
        else { return false }
        // The caller takes a reference of its own to what it is lent; the store has one and keeps it.
        X509_free(certificate)
        return true
    }

    private func parse(_ index: Int) -> OpaquePointer? {
        bundle.certificate(index).withUnsafeBufferPointer { bytes in
            var next = bytes.baseAddress
            return d2i_X509(nil, &next, bytes.count)
        }
    }

    /// How a store asks. Made once, and never freed.
    static let method = Method()

    struct Method: @unchecked Sendable {
        let pointer = X509_LOOKUP_meth_new("certificates of a bundle, as they are needed")

        init() {
            guard let pointer else { return }
            X509_LOOKUP_meth_set_get_by_subject(pointer) { lookup, type, name, object in
                guard type == X509_LU_X509, let name, let object, let data = X509_LOOKUP_get_method_data(lookup)
                else { return 0 }
                return Unmanaged<CertificateSource>.fromOpaque(data).takeUnretainedValue().find(name, object) ? 1 : 0
            }
            X509_LOOKUP_meth_set_free(pointer) { lookup in
                guard let data = X509_LOOKUP_get_method_data(lookup) else { return }
                Unmanaged<CertificateSource>.fromOpaque(data).release()
            }
        }
    }
}
