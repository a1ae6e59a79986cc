"""Boards by e-mail: at the bank's own hour, to staff alone, a readable table in the message and a CSV for each tile."""

import csv
import email
import email.policy
import io
import sys

from bank import ADDRESS, Api, Bank, Peer, eventually, expect

TILES = [
    {"id": "a", "title": "Payments", "title_zh": "付款", "chart": "number", "x": 0, "y": 0, "w": 3, "h": 2,
     "question": {"kind": "metric", "metric": {"event": "payment", "measure": "count", "per": "total", "within": "30d"}}},
    {"id": "b", "title": "From visit to payment", "title_zh": "从访问到付款", "chart": "auto", "x": 3, "y": 0, "w": 6, "h": 4,
     "question": {"kind": "funnel", "funnel": {"steps": [{"event": "visit"}, {"event": "payment"}], "within": "30d"}}},
    {"id": "c", "title": "=Unknown", "title_zh": "=未知", "chart": "auto", "x": 0, "y": 4, "w": 6, "h": 4,
     "question": {"kind": "paths", "paths": {"start": {"event": "nobody_sent_this"}, "within": "30d"}}},
    {"id": "d", "title": "Payments per visit", "title_zh": "付款率", "chart": "bar", "x": 6, "y": 4, "w": 6, "h": 4,
     "question": {"kind": "metric", "metric": {"parts": [{"event": "payment"}, {"event": "visit"}], "formula": "A / B",
                                               "per": "total", "by": ["channel"], "within": "30d"}}},
]


def behave(bank):
    bank.collect("/v1/batch", {"writeKey": bank.server.write_key, "batch": [
        {"type": "track", "event": event, "userId": user, "messageId": f"{event}-{user}", "properties": {"channel": "app"}}
        for user, events in (("u-1", ("visit", "payment")), ("u-2", ("visit",))) for event in events]}, "application/json")
    bank.api.call("POST", "/api/v1/audiences/preview", {"rule": {"all": []}, "fresh": True})


def hire(api, login, role, org="", address=""):
    made = api.call("POST", "/api/v1/people", {"login": login, "name": login, "role": role, "org": org, "active": True,
                                               "language": "zh", "email": address}, 201)
    return made["person"]["id"] if "person" in made else made["id"]


def cells(mail, name):
    for part in mail.iter_attachments():
        if part.get_filename() == name:
            text = part.get_payload(decode=True).decode("utf-8-sig")
            return list(csv.reader(io.StringIO(text)))
    raise AssertionError(f"no {name} among {[part.get_filename() for part in mail.iter_attachments()]}")


def check_mail(one):
    mail = email.message_from_string(one["text"], policy=email.policy.default)
    expect(mail["Subject"] == "每日 / Daily", f"subject {mail['Subject']}")
    expect(mail["List-Unsubscribe"] is None, "staff have nothing to unsubscribe from")
    page = mail.get_body(("html",)).get_content()
    for part in ("付款 / Payments", "从访问到付款 / From visit to payment", "50.0%", "数据范围 Data scope: 全行 the whole bank",
                 ADDRESS + "/boards/", "没有结果 No answer"):
        expect(part in page, f"{part!r} is missing in the message")
    funnel = cells(mail, "2 从访问到付款 - From visit to payment.csv")
    expect(funnel[0][:2] == ["步骤 Step", "人数 People"], f"head {funnel[0]}")
    expect([row[:3] for row in funnel[1:]] == [["visit", "2", "100.0%"], ["payment", "1", "50.0%"]], f"funnel {funnel}")
    expect(cells(mail, "1 付款 - Payments.csv")[1][2] == "1", "the number of payments")
    rates = cells(mail, "3 付款率 - Payments per visit.csv")[1:]
    expect([row[1:] for row in rates] == [["app", "0.5"]], f"rates {rates}")


def test_board_goes_out_at_its_hour(server):
    bank, sink = Bank(server), Peer(sys.executable, "smtp_sink.py")
    api = bank.api
    try:
        behave(bank)
        api.call("POST", "/api/v1/orgs", {"code": "33", "name": "Zhejiang", "kind": "branch"}, 201)
        hire(api, "lin@bank.example", "viewer")
        hire(api, "wu@bank.example", "viewer", "33")
        hire(api, "plain", "viewer")
        hire(api, "mei", "viewer", "", "mei@bank.example")
        board = api.call("POST", "/api/v1/boards", {"name": "每日 / Daily", "tiles": TILES}, 201)["id"]
        path = f"/api/v1/boards/{board}/mails"
        for address, code in (("plain", "not_staff"), ("a@elsewhere.example", "not_staff"), ("wu@bank.example", "sees_less")):
            refused = api.call("POST", path, {"recipients": [address]}, 422)
            expect((refused["code"], refused["pointer"]) == (f"board_mail.{code}", "/recipients/0"), f"{address}: {refused}")
        api.call("POST", path, {"recipients": ["lin@bank.example"], "at": "24:00"}, 400)
        both = ["lin@bank.example", "mei@bank.example"]
        mail = api.call("POST", path, {"recipients": both, "every": "day", "at": "08:30"}, 201)
        expect(mail["next_at"].endswith("T08:30:00+08:00") or mail["next_at"].endswith("T00:30:00Z")
               or "T00:30:00" in mail["next_at"], f"next {mail['next_at']}")
        without = api.call("POST", f"/api/v1/board-mails/{mail['id']}/send", None, 503)
        expect(without["code"] == "board_mail.no_channel", f"without a channel: {without}")
        api.channel("email", {"host": "127.0.0.1", "port": sink.port, "security": "none",
                              "from": "Bank <no-reply@bank.example>", "unsubscribe": "https://bank.example/u"})
        bank.advance("24h")
        taken = eventually(20, lambda: f"mails: {api.call('GET', path)}",
                           lambda: len(sink.taken()) == 2 and sink.taken())
        expect(sorted(one["to"] for one in taken) == both, f"to {[one['to'] for one in taken]}")
        check_mail(taken[0])
        after = api.call("GET", path)["items"][0]
        expect(after["last_outcome"] == "sent" and after["next_at"] > mail["next_at"], f"after {after}")
    finally:
        sink.stop()


def test_who_sees_less_than_before_gets_nothing(server):
    bank, sink = Bank(server), Peer(sys.executable, "smtp_sink.py")
    api = bank.api
    try:
        api.call("POST", "/api/v1/orgs", {"code": "33", "name": "Zhejiang", "kind": "branch"}, 201)
        lin = hire(api, "lin@bank.example", "viewer")
        board = api.call("POST", "/api/v1/boards", {"name": "Daily", "tiles": []}, 201)["id"]
        mail = api.call("POST", f"/api/v1/boards/{board}/mails", {"recipients": ["lin@bank.example"]}, 201)["id"]
        api.channel("email", {"host": "127.0.0.1", "port": sink.port, "security": "none", "from": "a@bank.example"})
        api.call("POST", f"/api/v1/board-mails/{mail}/send")
        api.call("PATCH", f"/api/v1/people/{lin}", {"org": "33"})
        refused = api.call("POST", f"/api/v1/board-mails/{mail}/send", None, 422)
        expect(refused["code"] == "board_mail.nobody", f"{refused}")
        expect(len(sink.taken()) == 1, "one mail, of before")
        other = Api(server, "analyst")
        expect(other.call("DELETE", f"/api/v1/board-mails/{mail}", None, 404)["code"] == "board_mail.not_found", "not theirs")
    finally:
        sink.stop()


TESTS = (test_board_goes_out_at_its_hour, test_who_sees_less_than_before_gets_nothing)
