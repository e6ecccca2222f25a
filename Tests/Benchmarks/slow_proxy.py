"""A TCP proxy whose far end seems to think for a while: slow_proxy.py PORT SECONDS.

Writes its own port, then serves until it is killed. It takes connections at once, as the kernel of a busy server does,
and hands on what it gets only after SECONDS.
"""

import asyncio
import sys


async def hand_on(reader, writer):
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass  # The process under test closes as soon as it knows enough.
    finally:
        writer.close()


async def serve(reader, writer):
    await asyncio.sleep(float(sys.argv[2]))
    there = await asyncio.open_connection("127.0.0.1", int(sys.argv[1]))
    await asyncio.gather(hand_on(reader, there[1]), hand_on(there[0], writer))


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
