"""An SMTP server that keeps what it takes: `smtp_sink.py [PORT]`, asked over HTTP on the port it prints.

The local part of the recipient says how to misbehave: reject-… answers 550 to RCPT, later-… 451, refuse-… 554 after
the text, drop-… ends the connection after the text, slow-… answers the text after 60 seconds. GET /texts gives the
recipients of all texts that came whole, taken or not."""

import asyncio
import json
import sys

taken = []
texts = []


async def serve(reader, writer):
    try:
        await take_mail(reader, writer)
    except (ConnectionError, asyncio.IncompleteReadError):
        pass  # the client died
    finally:
        writer.close()


async def take_mail(reader, writer):
    async def say(line):
        writer.write(line.encode() + b"\r\n")
        await writer.drain()

    recipient = ""
    await say("220 sink")
    while line := (await reader.readline()).decode("utf-8", "replace").strip():
        verb = line[:4].upper()
        if verb == "EHLO":
            await say("250 sink")
        elif verb == "RCPT":
            recipient = line[line.find("<") + 1:line.find(">")]
            kind = recipient.split("-")[0]
            await say({"reject": "550 no such mailbox", "later": "451 try later"}.get(kind, "250 ok"))
        elif verb == "DATA":
            await say("354 go on")
            text = await reader.readuntil(b"\r\n.\r\n")
            texts.append(recipient)
            kind = recipient.split("-")[0]
            if kind == "drop":
                break
            if kind == "slow":
                await asyncio.sleep(60)
            if kind != "refuse":
                taken.append({"to": recipient, "text": text.decode("utf-8", "replace")})
            await say("554 refused" if kind == "refuse" else "250 taken")
        elif verb == "QUIT":
            await say("221 bye")
            break
        else:
            await say("250 ok")


async def tell(reader, writer):
    wanted = texts if b" /texts " in await reader.readline() else taken
    while (await reader.readline()).strip():
        pass
    body = json.dumps(wanted).encode()
    writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
    await writer.drain()
    writer.close()


async def main():
    sink = await asyncio.start_server(serve, "127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 0)
    asked = await asyncio.start_server(tell, "127.0.0.1", 0)
    print(json.dumps({"port": sink.sockets[0].getsockname()[1], "ask": asked.sockets[0].getsockname()[1]}), flush=True)
    await asyncio.gather(sink.serve_forever(), asked.serve_forever())


asyncio.run(main())
