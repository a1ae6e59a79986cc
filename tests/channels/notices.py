"""What people of the bank are told by e-mail: an alert that fires is told once to each who has an address, in their
language; a mail that was refused or may have left is not repeated, one that could not leave is."""

import email
import email.policy
import sys

from bank import ADDRESS, Bank, Peer, expect


def alert_of(bank, recipients):
    bank.collect("/v1/batch", {"writeKey": bank.server.write_key, "batch": [
        {"type": "track", "event": "payment", "userId": "u-1", "messageId": "p-1"}]}, "application/json")
    made = bank.author.call("POST", "/api/v1/alerts", {
        "name": "付款太少", "metric": {"event": "payment", "measure": "count", "per": "day"},
        "rule": {"kind": "below", "threshold": 1}, "at": "08:00", "recipients": recipients}, 201)
    return made["id"]


def person(bank, login, address, language="zh"):
    made = bank.api.call("POST", "/api/v1/people", {
        "login": login, "name": login, "role": "viewer", "email": address, "language": language}, 201)
    return made["id"]


def test_notices_by_email(server):
    bank, sink = Bank(server), Peer(sys.executable, "smtp_sink.py")
    try:
        people = [person(bank, "lin", "lin@bank.example"), person(bank, "ann", "ann@bank.example", "en"),
                  person(bank, "no", ""), person(bank, "rej", "reject-1@bank.example"),
                  person(bank, "drop", "drop-1@bank.example"), person(bank, "late", "later-1@bank.example")]
        alert = alert_of(bank, people)
        bank.api.channel("email", {"host": "127.0.0.1", "port": sink.port, "security": "none",
                                   "from": "Bank <no-reply@bank.example>"})
        bank.advance("2d")  # the second day has no payment; its check is on the third
        bank.advance("1d")
        mails = {one["to"]: email.message_from_string(one["text"], policy=email.policy.default)
                 for one in sink.taken()}
        expect(sorted(one["to"] for one in sink.taken()) == ["ann@bank.example", "lin@bank.example"],
               f"the sink took {[one['to'] for one in sink.taken()]}")
        expect(mails["lin@bank.example"]["Subject"] == "指标预警：付款太少", mails["lin@bank.example"]["Subject"])
        expect(mails["ann@bank.example"]["Subject"] == "Alert: 付款太少", mails["ann@bank.example"]["Subject"])
        text = mails["ann@bank.example"].get_body(("plain",)).get_content()
        expect("Value: 0" in text and "Lower bound: 1" in text, f"no numbers in {text}")
        expect(f"{ADDRESS}/insights/alerts/{alert}" in text, f"no link in {text}")
        expect(sink.taken("/texts").count("drop-1@bank.example") == 1, "a mail that may have left was sent again")
    finally:
        sink.stop()


TESTS = (test_notices_by_email,)
