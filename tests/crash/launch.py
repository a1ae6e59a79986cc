"""Kills the server while two campaigns are launched at once, one by e-mail (a provider that does not know a message
again), one by webhook (one that knows the send key), under a cap of one contact for each customer.

A third of the customers is meant by the first, a third by the second, a third by both. At the end everyone who entered
a campaign is sent (perhaps unknown), suppressed or failed there, and one of them alone. The SMTP server was given no text twice; the receiver got repeats under the same key alone. Who is accepted was taken by
the peer, who was taken is accepted or unknown. Nobody was contacted by both."""

import json
import pathlib
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "channels"))
from bank import Bank, Peer, eventually  # noqa: E402

CUSTOMERS = 600
MEANT = {"email": ["a", "b"], "webhook": ["b", "c"]}
RATE_PER_S = 50  # of each channel, so that the launch takes as long as several kills
FINISH_LIMIT_S = 60


def group_of(n):
    return "abc"[n % 3]


def admit(bank):
    people = [{"user_id": f"u-{n}", "email": f"u-{n}@bank.example", "group": group_of(n)} for n in range(CUSTOMERS)]
    for at in range(0, CUSTOMERS, 100):
        bank.admit(people[at:at + 100])


def prepare(bank, sink, receiver):
    """The two campaigns, approved and not launched."""
    mail = bank.api.channel("email", {"host": "127.0.0.1", "port": sink.port, "security": "none", "from": "a@bank.example"},
                            rate_per_s=RATE_PER_S)
    hook = bank.api.channel("webhook", {"url": f"http://127.0.0.1:{receiver.port}/hook", "secret": "hunter2"},
                            rate_per_s=RATE_PER_S)
    return {"email": bank.approved("mail", MEANT["email"], "email", mail, {"subject": "s", "body": "text"}),
            "webhook": bank.approved("hook", MEANT["webhook"], "webhook", hook, {"title": "t", "body": "text"})}


def launch(bank, campaigns):
    """True once the server says that they run; False where it died meanwhile."""
    try:
        for campaign in campaigns.values():
            path = f"/api/v1/campaigns/{campaign}"
            if bank.author.call("GET", path)["state"] == "approved":
                bank.author.call("POST", path + "/launch")
        return True
    except Exception:  # the server is dead or dying
        return False


def people(bank, campaign, name):
    """User ids of a set of the campaign's report."""
    users, cursor = set(), ""
    while cursor is not None:
        page = bank.api.call("GET", f"/api/v1/campaigns/{campaign}/people?set={name}&limit=500"
                             + (f"&cursor={cursor}" if cursor else ""))
        users |= {one["identities"]["user_id"][0] for one in page["items"]}
        cursor = page["next_cursor"]
    return users


def is_done(bank, campaign):
    report = bank.report(campaign)
    ended = report["sent"] + report["failed"] + sum(one["count"] for one in report["suppressed"])
    return report["eligible"] == ended == CUSTOMERS * 2 // 3


def problem_of(kind, sets, taken):
    everyone = {f"u-{n}" for n in range(CUSTOMERS) if group_of(n) in MEANT[kind]}
    ended = [sets["sent"], sets["suppressed"], sets["failed"]]
    if set().union(*ended) != everyone or sum(map(len, ended)) != len(everyone):
        return f"{kind}: of {len(everyone)} customers {[len(one) for one in ended]} are sent, suppressed, failed"
    accepted = sets["sent"] - sets["unknown"]
    if not taken <= sets["sent"]:
        return f"{kind}: {len(taken - sets['sent'])} customers got a message that counts as not sent"
    if not accepted <= taken:
        return f"{kind}: {len(accepted - taken)} messages count as accepted and never arrived"
    return None


def judge(bank, campaigns, sink, receiver):
    texts = [address.split("@")[0] for address in sink.taken("/texts")]
    bodies = [json.loads(one["body"]) for one in receiver.taken()]
    hooked = {body["identities"]["user_id"][0] for body in bodies}
    keys = {body["send_key"] for body in bodies}
    sets = {kind: {name: people(bank, campaign, name) for name in ("sent", "suppressed", "failed", "unknown")}
            for kind, campaign in campaigns.items()}
    print(f"  {len(texts)} e-mails, {len(sets['email']['unknown'])} unknown; {len(keys)} webhook messages, "
          f"{len(bodies) - len(keys)} repeats under their key, {len(sets['webhook']['unknown'])} unknown")
    if not texts or not keys:
        return "one of the channels sent nothing: it proves nothing"
    if len(texts) != len(set(texts)):
        return f"{len(texts) - len(set(texts))} e-mails were sent twice"
    if len(keys) != len(hooked):
        return f"{len(hooked)} customers got webhook messages under {len(keys)} keys"
    both = (sets["email"]["sent"] & sets["webhook"]["sent"]) | (set(texts) & hooked)
    if both:
        return f"{len(both)} customers were contacted twice, one more than the cap allows"
    return problem_of("email", sets["email"], set(texts)) or problem_of("webhook", sets["webhook"], hooked)


def launch_survives(make_server, rounds, random_source):
    sink, receiver, server = Peer(sys.executable, "smtp_sink.py"), Peer(sys.executable, "http_receiver.py"), make_server()
    hits = 0
    try:
        bank = Bank(server, caps=[{"channel": "any", "per": "month", "limit": 1}])
        admit(bank)
        campaigns = prepare(bank, sink, receiver)
        first = random_source.choice(list(campaigns))
        campaigns = {kind: campaigns[kind] for kind in sorted(campaigns, key=lambda kind: kind != first)}
        for _ in range(rounds):
            launching = threading.Thread(target=launch, args=(bank, campaigns), daemon=True)
            launching.start()
            time.sleep(random_source.uniform(0.02, 0.8))
            hits += len(sink.taken("/texts")) + len(receiver.taken()) < CUSTOMERS
            server.kill()
            launching.join(10)
            server.start()
        eventually(10, "the campaigns could not be launched", lambda: launch(bank, campaigns))
        for campaign in campaigns.values():
            eventually(FINISH_LIMIT_S, lambda: f"still under way: {bank.report(campaign)}", lambda: is_done(bank, campaign))
        print(f"  {rounds} kills, {hits} before all had left")
        if hits == 0:
            return "no kill came while messages left: it proves nothing"
        return judge(bank, campaigns, sink, receiver)
    finally:
        server.stop()
        sink.stop()
        receiver.stop()
