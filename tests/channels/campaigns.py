"""Campaigns over e-mail, SMS and webhook, from the draft to the receipts: each customer gets its own message once, and
what became of it stands in the timeline and in the report."""

import email
import email.policy
import json
import re
import sys

from bank import ADDRESS, Bank, Peer, eventually, expect, signed, sms_centre

SECRET = "receipts-are-signed-with-this"
PEOPLE = [
    {"user_id": "u-1", "name": "王芳", "email": "ana@example.com", "phone": "13800000001"},
    {"user_id": "u-2", "name": "李雷", "email": "bob@example.com", "phone": "13800000002"},
    {"user_id": "u-3", "name": "韩梅", "email": "cai@example.com", "phone": "13800000003"},
    {"user_id": "u-4", "name": "张明", "email": "reject-4@example.com", "phone": "13800000902"},
    {"user_id": "u-5", "name": "赵云", "email": "drop-5@example.com", "phone": "13800000904"},
    {"user_id": "u-6", "name": "陈静", "email": "no@example.com", "phone": "13800000006", "refuses": True},
]
LINK = "https://bank.example/autumn"


def report_receipts(bank, channel, seconds, receipts, secret=SECRET, status=200):
    body = json.dumps({"receipts": receipts})
    answer = bank.server.call("POST", f"/receipts/{channel}", signed(secret, seconds, body), body)
    expect(answer.status == status, f"receipts: {answer.status} {answer.text()}, wanted {status}")
    return json.loads(answer.body).get("counted")


def mails_of(sink):
    return {one["to"]: email.message_from_string(one["text"], policy=email.policy.default) for one in sink.taken()}


def follow_links(bank, mail):
    """Opens the e-mail and follows its link, twice each, as people do."""
    html = mail.get_body(("html",)).get_content()
    picture, link = re.search(r'src="([^"]+)"', html)[1], re.search(r'href="([^"]+/r/[^"]+)"', html)[1]
    for _ in range(2):
        expect(bank.visit(picture).status == 200, "the picture of an e-mail is not there")
        answer = bank.visit(link)
        expect((answer.status, answer.headers["Location"]) == (302, LINK), f"the link leads to {answer.headers}")


def test_email_campaign(server, bank):
    sink = Peer(sys.executable, "smtp_sink.py")
    try:
        channel = bank.api.channel("email", {"host": "127.0.0.1", "port": sink.port, "security": "none",
                                             "from": "Bank <no-reply@bank.example>", "receipt_secret": SECRET})
        message = {"subject": "{{ name | default: '客户' }}，秋季好", "body": "您好 {{ name | default: '客户' }}", "link": LINK}
        campaign = bank.launch("Autumn e-mail", "main", "email", channel, message)
        bank.wait_report(campaign, eligible=6, sent=4, failed=1, unknown=1, delivered=0,
                         suppressed=[{"reason": "no_consent", "count": 1}])
        expect(sorted(one["to"] for one in sink.taken()) == ["ana@example.com", "bob@example.com", "cai@example.com"],
               f"the sink took {[one['to'] for one in sink.taken()]}")
        mails = mails_of(sink)
        expect(mails["ana@example.com"]["Subject"] == "王芳，秋季好", f"subject {mails['ana@example.com']['Subject']}")
        expect("您好 李雷" in mails["bob@example.com"].get_body(("plain",)).get_content(), "no name in the text")

        follow_links(bank, mails["ana@example.com"])
        now = bank.advance("1m")
        delivered = [{"message_id": mail["Message-ID"], "what": "delivered"} for mail in mails.values()]
        expect(report_receipts(bank, channel, now, delivered) == 3, "deliveries by Message-ID were not counted")
        complaint = [{"send_key": mails["bob@example.com"]["X-Qiao-Send-Key"], "what": "complained"}]
        expect(report_receipts(bank, channel, now, complaint) == 1, "a complaint was not counted")
        expect(report_receipts(bank, channel, now, delivered + complaint) == 0, "a repeat was counted")

        bank.wait_report(campaign, sent=4, delivered=3, failed=1, unknown=1, opened=1, clicked=1, complained=1)
        bank.wait_timeline("u-1", campaign, accepted="", delivered="", opened="", clicked="")
        bank.wait_timeline("u-2", campaign, accepted="", delivered="", complained="")
        bank.wait_timeline("u-4", campaign, failed="smtp.mailbox_unavailable")
        bank.wait_timeline("u-5", campaign, unknown="smtp.no_answer")
        bank.wait_timeline("u-6", campaign, suppressed="no_consent")
        refuse_wrong_receipts(bank, channel, now, complaint)
        unsubscribe(bank, sink, channel, message, mails["cai@example.com"])
        bank.advance("2d")  # what is unknown is not sent again, however long it waits
        expect(sorted(sink.taken("/texts")).count("drop-5@example.com") == 2, "one attempt for each campaign")
    finally:
        sink.stop()


def refuse_wrong_receipts(bank, channel, now, receipts):
    hook = bank.api.channel("webhook", {"url": "http://127.0.0.1:9/", "secret": "hunter2", "receipt_secret": SECRET}, "other")
    opened = [{**receipts[0], "what": "opened"}]
    report_receipts(bank, channel, now, opened, secret="wrong", status=401)
    report_receipts(bank, channel, now - 301, opened, status=401)
    report_receipts(bank, "chn_none", now, opened, status=401)
    expect(report_receipts(bank, hook, now, opened) == 0, "a channel spoke of another's message")
    expect(report_receipts(bank, channel, now, [{"send_key": "cmp_x:1:cus_y", "what": "opened"},
                                                {"message_id": "<nobody@bank.example>", "what": "opened"}]) == 0,
           "receipts of unknown messages were counted")
    bank.api.change(hook, active=False)


def unsubscribe(bank, sink, channel, message, mail):
    """RFC 8058: one POST to the address in the header, without cookies or redirects, withdraws the consent."""
    url = re.fullmatch(r"<([^>]+)>", mail["List-Unsubscribe"])[1]
    expect(mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click", "no List-Unsubscribe-Post")
    expect(re.fullmatch(ADDRESS + r"/u/[\w-]{32}", url), f"the address {url} holds more than a token")
    expect(url in mail.get_body(("plain",)).get_content(), "no way out in the text itself")
    page = bank.visit(url)
    expect(page.status == 200 and "退订" in page.text() and "<form method=\"post\">" in page.text(), page.text())
    expect(bank.consents("u-3")["email"], "looking at the page withdrew the consent")
    expect(bank.visit(url[:-1] + ("A" if url[-1] != "A" else "B"), "POST").status == 404, "another token was taken")
    for _ in range(2):
        answer = bank.visit(url, "POST", "List-Unsubscribe=One-Click")
        expect(answer.status == 200 and "Unsubscribed" in answer.text(), f"{answer.status} {answer.text()}")
    second = bank.launch("Autumn e-mail, again", "main", "email", channel, message)
    bank.wait_report(second, sent=3, failed=1, suppressed=[{"reason": "no_consent", "count": 2}])
    bank.wait_timeline("u-3", second, suppressed="no_consent")
    expect(bank.consents("u-3") == {"email": False, "sms": True, "webhook": True}, f"consents {bank.consents('u-3')}")
    items = bank.api.call("GET", f"/api/v1/customers/{bank.customer('u-3')}/timeline?limit=200")["items"]
    told = [one for one in items if one["properties"].get("source") == "unsubscribe_link"]
    expect(len(told) == 1, f"the withdrawal stands {len(told)} times in the timeline")


def test_sms_campaign(server, bank):
    centre = sms_centre()
    try:
        channel = bank.api.channel("sms", {"host": "127.0.0.1", "port": centre.port, "system_id": "bank",
                                           "password": "hunter2", "source": "95588"})
        campaign = bank.launch("Autumn SMS", "main", "sms", channel, {"body": "{{ name | default: '客户' }}您好", "link": LINK})
        bank.wait_report(campaign, eligible=6, sent=4, delivered=3, failed=2, unknown=0,
                         suppressed=[{"reason": "no_consent", "count": 1}])
        texts = {one["to"]: one["text"] for one in centre.taken()}
        expect(len(centre.taken()) == len(texts) == 4, f"the centre took {centre.taken()}")
        expect(texts["8613800000001"].startswith("王芳您好"), f"text {texts['8613800000001']}")
        link = texts["8613800000002"].split()[-1]
        expect(bank.visit(link).status == 302, "the link of an SMS leads nowhere")
        bank.wait_report(campaign, clicked=1)
        bank.wait_timeline("u-2", campaign, accepted="", delivered="", clicked="")
        bank.wait_timeline("u-4", campaign, failed="smpp.invalid_destination")
        bank.wait_timeline("u-5", campaign, accepted="", failed="smpp.UNDELIV")
    finally:
        centre.stop()


def test_webhook_campaign(server, bank):
    peer = Peer(sys.executable, "http_receiver.py")
    try:
        channel = bank.api.channel("webhook", {"url": f"http://127.0.0.1:{peer.port}/hook", "secret": "hunter2",
                                               "receipt_secret": SECRET})
        campaign = bank.launch("Autumn robots", "main", "webhook", channel,
                               {"title": "好消息", "body": "您好 {{ name | default: '客户' }}", "link": LINK})
        bank.wait_report(campaign, eligible=6, sent=5, failed=0)
        bodies = {body["identities"]["user_id"][0]: body for body in (json.loads(one["body"]) for one in peer.taken())}
        expect(len(peer.taken()) == len(bodies) == 5, f"the receiver got {len(peer.taken())} messages")
        expect(bodies["u-4"]["body"] == "您好 张明", f"text {bodies['u-4']['body']}")
        told = [{"send_key": bodies[user]["send_key"], "what": what, "reason": reason}
                for user, what, reason in (("u-1", "delivered", ""), ("u-1", "opened", ""), ("u-1", "clicked", ""),
                                           ("u-2", "failed", "robot_offline"), ("u-2", "delivered", ""),
                                           ("u-5", "complained", ""))]
        counted = report_receipts(bank, channel, bank.advance("1m"), told)
        expect(counted == 5, f"{counted} of 6 receipts were counted; the second final one of u-2 was not to be")
        bank.wait_report(campaign, sent=5, delivered=1, failed=1, opened=1, clicked=1, complained=1)
        bank.wait_timeline("u-1", campaign, accepted="", delivered="", opened="", clicked="")
        bank.wait_timeline("u-2", campaign, accepted="", failed="robot_offline")
    finally:
        peer.stop()


def test_campaigns(server):
    bank = Bank(server)
    bank.admit([{**person, "group": "main"} for person in PEOPLE])
    for test in (test_email_campaign, test_sms_campaign, test_webhook_campaign):
        test(server, bank)


TESTS = (test_campaigns,)
