"""Every command: the file it is in, what it is for, and one line of help."""

from __future__ import annotations

from typing import NamedTuple

from cli.language import N_


class Entry(NamedTuple):
    """A command as the overview shows it; `module` is its file in `cli`."""

    module: str
    purpose: str
    help: str


START = N_("Start")
MEMBERS = N_("Members")
RESOURCES = N_("Resources")
ASKS = N_("Asks, gifts and introductions")
INITIATIVES = N_("Initiatives and what comes of them")
QUESTIONS = N_("Questions")
LOG = N_("The log")
PROOF = N_("Proof that nothing was changed")

COMMANDS: dict[str, Entry] = {
    "init": Entry("init", START, N_("found a network")),
    "me": Entry("me", START, N_("say who is recording")),
    "status": Entry("status", START, N_("today at a glance and what to do next")),
    "demo": Entry("demo", START, N_("a made-up network to look at")),
    "completion": Entry("completion", START, N_("let the shell complete commands and names")),
    "describe-network": Entry("describe_network", START, N_("change the network's name or idea")),
    "join": Entry("join", MEMBERS, N_("let someone in, or back")),
    "leave": Entry("leave", MEMBERS, N_("end a membership")),
    "pause": Entry("pause", MEMBERS, N_("hide a member's offers and asks for a while")),
    "resume": Entry("resume", MEMBERS, N_("end a pause")),
    "describe": Entry("describe", MEMBERS, N_("change a member's name, contact or description")),
    "forget": Entry("forget", MEMBERS, N_("erase all texts about a member, for good")),
    "affiliate": Entry("affiliate", MEMBERS, N_("say that a person acts for an organisation")),
    "disaffiliate": Entry("disaffiliate", MEMBERS, N_("say that a person no longer acts for one")),
    "tie": Entry("tie", MEMBERS, N_("declare a relation between two members")),
    "untie": Entry("untie", MEMBERS, N_("say that a declared relation is no more")),
    "relate": Entry("relate", MEMBERS, N_("say what there is with another network")),
    "unrelate": Entry("unrelate", MEMBERS, N_("say that a relation with another is no more")),
    "offer": Entry("offer", RESOURCES, N_("offer something")),
    "withdraw": Entry("withdraw", RESOURCES, N_("stop offering something")),
    "book": Entry("book", RESOURCES, N_("reserve a resource for a while")),
    "release": Entry("release", RESOURCES, N_("give a booking back")),
    "lend": Entry("lend", RESOURCES, N_("let a member take a resource along")),
    "return": Entry("return_", RESOURCES, N_("take a loan back")),
    "ask": Entry("ask", ASKS, N_("ask for something")),
    "close": Entry("close", ASKS, N_("end an ask")),
    "give": Entry("give", ASKS, N_("record a gift")),
    "confirm": Entry("confirm", ASKS, N_("say that a gift took place as recorded")),
    "dispute": Entry("dispute", ASKS, N_("say that a gift did not take place as recorded")),
    "introduce": Entry("introduce", ASKS, N_("record that someone brought two members together")),
    "follow-up": Entry("follow_up", ASKS, N_("say what came of an introduction")),
    "initiative": Entry(
        "initiative", INITIATIVES, N_("start, join, leave, conclude or look at an initiative")
    ),
    "endorse": Entry("endorse", INITIATIVES, N_("vouch for an initiative")),
    "unendorse": Entry("unendorse", INITIATIVES, N_("vouch for an initiative no longer")),
    "tell": Entry("tell", INITIATIVES, N_("record who told whom about an initiative")),
    "gather": Entry("gather", INITIATIVES, N_("record that members came together")),
    "opportunity": Entry(
        "opportunity", INITIATIVES, N_("record what someone made of what they got")
    ),
    "nominate": Entry("nominate", INITIATIVES, N_("record whom a member names as giving most")),
    "networks": Entry("networks", QUESTIONS, N_("the networks of a database, side by side")),
    "members": Entry("members", QUESTIONS, N_("who is a member")),
    "balance": Entry("balance", QUESTIONS, N_("what members have given and received")),
    "resources": Entry("resources", QUESTIONS, N_("what is and was offered")),
    "available": Entry("available", QUESTIONS, N_("what is free now or at a time")),
    "asks": Entry("asks", QUESTIONS, N_("what is asked for")),
    "match": Entry("match", QUESTIONS, N_("which offers could meet which asks")),
    "introductions": Entry("introductions", QUESTIONS, N_("who introduced whom")),
    "initiatives": Entry("initiatives", QUESTIONS, N_("what people gather around")),
    "givers": Entry("givers", QUESTIONS, N_("who gives, and who is named as giving most")),
    "first": Entry("first", QUESTIONS, N_("who gave first, and whether gifts are passed on")),
    "measures": Entry("measures", QUESTIONS, N_("how the network gives, in numbers")),
    "ties": Entry("ties", QUESTIONS, N_("the ties that are declared, and those that show")),
    "spread": Entry("spread", QUESTIONS, N_("who told whom about an initiative")),
    "path": Entry("path", QUESTIONS, N_("how two members are linked, and who could introduce")),
    "vitality": Entry(
        "vitality", QUESTIONS, N_("what happened period by period, and who was there")
    ),
    "opportunities": Entry(
        "opportunities", QUESTIONS, N_("what came of it all, and what is behind it")
    ),
    "weave": Entry("weave", QUESTIONS, N_("whom to bring together, and whom to ask how it goes")),
    "statement": Entry("statement", QUESTIONS, N_("everything about one member")),
    "timeline": Entry("timeline", LOG, N_("the network's story in plain sentences, newest first")),
    "log": Entry("log", LOG, N_("the entries, newest first")),
    "show": Entry("show", LOG, N_("one entry, and what others say of it")),
    "trace": Entry("trace", LOG, N_("what led to an entry, and what came of it")),
    "note": Entry("note", LOG, N_("add words to an entry")),
    "correct": Entry("correct", LOG, N_("put an entry right")),
    "reverse": Entry("reverse", LOG, N_("take an entry back")),
    "undo": Entry("undo", LOG, N_("take back what was recorded last")),
    "explain": Entry("explain", LOG, N_("why a number or a status is as it is")),
    "diff": Entry("diff", LOG, N_("what changed between two times")),
    "replay": Entry("replay", LOG, N_("rebuild every projection from nothing")),
    "import": Entry("import_", LOG, N_("bring in tables from elsewhere, or a ledger's events")),
    "export": Entry("export", LOG, N_("write the ledger out, losslessly or as tables")),
    "forgotten": Entry("forgotten", LOG, N_("carry forgettings to a restored backup")),
    "copy": Entry("copy", LOG, N_("copy the ledger from a file or server to another")),
    "backup": Entry("backup", LOG, N_("copy the ledger, and check the copy")),
    "restore": Entry("restore", LOG, N_("make a ledger from a backup")),
    "doctor": Entry("doctor", LOG, N_("check the ledger's file and what it lies on")),
    "verify": Entry("verify", PROOF, N_("check every entry, rule and proof, and all that is kept")),
    "checkpoint": Entry("checkpoint", PROOF, N_("sum the log up in three lines to pass around")),
    "cosign": Entry("cosign", PROOF, N_("vouch for a checkpoint that this ledger agrees with")),
    "receipt": Entry("receipt", PROOF, N_("a proof of one entry, to take away")),
    "verify-receipt": Entry("verify_receipt", PROOF, N_("check a receipt, without a ledger")),
    "key": Entry("key", PROOF, N_("make or show the key that you sign with")),
}
