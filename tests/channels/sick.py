"""Three sick providers beside a sound one: they slow nobody else, are spared by their breakers, and lose or double
nothing. A port that refuses and a 503 have taken nothing: those messages wait, and go out when the provider is well. A
provider that swallows the text and never answers makes it unknown: counted, and not sent again."""

import json
import socket
import sys
import time

from bank import Bank, Peer, eventually, expect, sms_centre

SOUND_LIMIT_S = 10  # of a debug build on a busy machine; alone it is a second
PEOPLE = [{"user_id": f"s-{n}", "name": f"客户{n}", "email": f"slow-{n}@example.com", "phone": f"138000010{n:02}",
           "group": "sick"} for n in range(12)]


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def keys_of(peer):
    return [json.loads(one["body"])["send_key"] for one in peer.taken()]


def test_sick_providers(server):
    bank, count = Bank(server), len(PEOPLE)
    bank.admit(PEOPLE)
    sink, peer, port, centre = Peer(sys.executable, "smtp_sink.py"), Peer(sys.executable, "http_receiver.py"), free_port(), None
    address = f"http://127.0.0.1:{peer.port}"
    try:
        stuck = bank.api.channel("email", {"host": "127.0.0.1", "port": sink.port, "security": "none", "from": "a@bank.example"})
        closed = bank.api.channel("sms", {"host": "127.0.0.1", "port": port, "system_id": "bank", "password": "hunter2",
                                          "source": "95588"})
        broken = bank.api.channel("webhook", {"url": address + "/status/503", "secret": "hunter2"}, "broken")
        sound = bank.api.channel("webhook", {"url": address + "/sound", "secret": "hunter2"}, "sound")
        mails = bank.launch("stuck", "sick", "email", stuck, {"subject": "s", "body": "text"})
        texts = bank.launch("closed", "sick", "sms", closed, {"body": "text"})
        hooks = bank.launch("broken", "sick", "webhook", broken, {"title": "t", "body": "text"})
        began = time.monotonic()
        bank.wait_report(bank.launch("sound", "sick", "webhook", sound, {"title": "t", "body": "text"}),
                         seconds=SOUND_LIMIT_S, eligible=count, sent=count)
        took = time.monotonic() - began
        for channel in (closed, broken, stuck):
            eventually(60, lambda: f"the breaker of {bank.api.health(channel)} did not open",
                       lambda: bank.api.health(channel)["state"] != "closed")
        for campaign in (texts, hooks):
            bank.wait_report(campaign, eligible=count, sent=0, failed=0, unknown=0)
        expect(bank.api.health(broken)["last_error"] == "webhook.status_503", f"health {bank.api.health(broken)}")

        bank.api.change(broken, settings={"url": address + "/well"})
        centre = sms_centre(str(port))
        bank.advance("1m")
        bank.wait_report(hooks, seconds=60, sent=count, failed=0, unknown=0)
        bank.wait_report(texts, seconds=60, sent=count, delivered=count, failed=0, unknown=0)
        taken = [one["path"] for one in peer.taken()]
        expect((taken.count("/sound"), taken.count("/well")) == (count, count), "a message was lost or doubled")
        expect(len(set(keys_of(peer))) == 2 * count, "a repeat came under another key")
        expect(len(centre.taken()) == len({one["to"] for one in centre.taken()}) == count, "an SMS was lost or doubled")

        report, tried = bank.report(mails), sink.taken("/texts")
        expect(report["unknown"] >= 5 and report["failed"] == 0 and report["sent"] == report["unknown"], f"report {report}")
        expect(len(tried) == len(set(tried)) >= report["unknown"], f"the stuck sink was given {sorted(tried)}")
        print(f"      the sound channel took {took:.1f} s beside three sick ones; {report['unknown']} e-mails unknown")
    finally:
        for one in (sink, peer, centre):
            if one:
                one.stop()


TESTS = (test_sick_providers,)
