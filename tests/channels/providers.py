"""Test messages by every kind of channel: what each answer of a peer is taken for."""

import hashlib
import hmac
import sys

from bank import Api, Peer, expect, sms_centre


def outcome(api, channel, to, wanted):
    got = api.test(channel, to)
    expect(got["outcome"] == wanted, f"to {to!r}: {got}, wanted {wanted}")
    return got


def test_email(server):
    api, sink = Api(server), Peer(sys.executable, "smtp_sink.py")
    try:
        mail = api.channel("email", {"host": "127.0.0.1", "port": sink.port, "security": "none",
                                     "from": "Bank <no-reply@bank.example>", "unsubscribe": "https://bank.example/u"})
        sent = outcome(api, mail, "ana@example.com", "accepted")
        text = sink.taken()[0]["text"]
        for part in ("X-Qiao-Send-Key: " + sent["send_key"], "Message-ID: " + sent["provider_message_id"],
                     "List-Unsubscribe: <https://bank.example/u>", "multipart/alternative", "text/html"):
            expect(part in text, f"{part!r} is missing in the e-mail")
        outcome(api, mail, "reject-1@example.com", "refused")
        outcome(api, mail, "later-1@example.com", "not_sent")
        outcome(api, mail, "refuse-1@example.com", "refused")
        outcome(api, mail, "drop-1@example.com", "unknown")
        outcome(api, mail, "slow-1@example.com", "unknown")
        outcome(api, mail, "a@b>\r\nRCPT TO:<c@d", "refused")
        secure = api.channel("email", {"host": "127.0.0.1", "port": sink.port, "from": "a@bank.example"})
        outcome(api, secure, "ana@example.com", "not_sent")
        expect(len(sink.taken()) == 1, "only the first e-mail was to be taken")
    finally:
        sink.stop()


def test_webhook(server):
    api, peer = Api(server), Peer(sys.executable, "http_receiver.py")
    try:
        address = f"http://127.0.0.1:{peer.port}"
        hook = api.channel("webhook", {"url": address + "/hook", "secret": "hunter2"})
        sent = outcome(api, hook, "", "accepted")
        got = peer.taken()[0]
        expect(got["headers"]["idempotency-key"] == sent["send_key"], "the idempotency key is not the send key")
        parts = dict(part.split("=") for part in got["headers"]["x-qiao-signature"].split(","))
        signed = hmac.new(b"hunter2", f"{parts['t']}.{got['body']}".encode(), hashlib.sha256).hexdigest()
        expect(parts["v1"] == signed, "the signature does not hold")
        for path, wanted in (("/status/400", "refused"), ("/status/429", "not_sent"), ("/status/503", "not_sent"),
                             ("/drop", "unknown")):
            api.change(hook, settings={"url": address + path})
            outcome(api, hook, "", wanted)
    finally:
        peer.stop()


def test_sms(server):
    api, centre = Api(server), sms_centre()
    try:
        sms = api.channel("sms", {"host": "127.0.0.1", "port": centre.port, "system_id": "bank", "password": "hunter2",
                                  "source": "95588"})
        sent = outcome(api, sms, "+8613800000000", "accepted")
        got = centre.taken()
        expect(got and got[0]["to"] == "8613800000000", f"the SMS centre got {got}")
        expect("测试短信" in got[0]["text"], "the Chinese text was damaged")
        expect(sent["provider_message_id"], "the SMS centre's id is missing")
        outcome(api, sms, "+8613800000901", "not_sent")   # throttled
        outcome(api, sms, "+8613800000902", "refused")    # no such number
        outcome(api, sms, "+8613800000903", "unknown")    # the connection ends without an answer
    finally:
        centre.stop()


TESTS = (test_email, test_webhook, test_sms)
