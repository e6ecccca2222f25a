"""TLS in front of local-aws, which speaks plain HTTP: ends it, and passes on what is inside as it came."""

import socket
import ssl
import threading


class TLSFront:
    """Listens on `port` of 127.0.0.1 with a certificate, for a server on another port there."""

    def __init__(self, certificate, target_port):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate)
        self.target_port = target_port
        self.handshakes, self.refusals = 0, 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return  # Closed: the test is over.
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        try:
            inside = self.context.wrap_socket(connection, server_side=True)
        except OSError:
            self.refusals += 1
            connection.close()
            return
        self.handshakes += 1
        with inside, socket.create_connection(("127.0.0.1", self.target_port)) as outside:
            # Answers on a thread of their own. A request ends where the client ends the connection: by then it has
            # its answer, so that both may be closed.
            threading.Thread(target=self.copy, args=(outside, inside), daemon=True).start()
            self.copy(inside, outside)

    @staticmethod
    def copy(source, destination):
        try:
            while data := source.recv(65536):
                destination.sendall(data)
            destination.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # The other side of the pair has gone.

    def close(self):
        # Closed alone it would go on listening, since the thread waits in it.
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
