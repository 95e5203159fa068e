"""Asking, giving, introducing and noting, by the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli_world import Natverk


def test_an_ask_says_what_how_much_and_by_when(kvarteret: Natverk) -> None:
    asked = ("ask", "Eva", "flytthjälp", "--kind", "time", "--quantity", "3", "--unit", "hour")
    out = kvarteret.does(*asked, "--by", "friday")

    assert "Eva Lind asks for flytthjälp (a2), 3 hours, needed by 2026-11-06" in out
    (row,) = kvarteret.rows("log", "-n", "1")
    assert (row["ask"], row["quantity"], row["needed_by"]) == ("a2", "3", "2026-11-06")


def test_an_ask_that_would_come_too_late_is_refused(kvarteret: Natverk) -> None:
    asked = ("ask", "Eva", "flytthjälp", "--kind", "time", "--by", "2026-11-02")

    assert "2026-11-02 is before it is asked for" in kvarteret.refuses(*asked)


def test_an_ask_is_closed_once(kvarteret: Natverk) -> None:
    assert kvarteret.rows("close", "painting", "--met")[0]["outcome"] == "met"
    assert kvarteret.rows("close", "a1", "--met") == []
    assert kvarteret("close", "a1", "--lapsed").code == 1


def test_a_gift_tells_the_new_standing_of_both(kvarteret: Natverk) -> None:
    out = kvarteret.does("give", "Eva", "Åsa", "bullar", "--quantity", "12", "--unit", "piece")

    assert "#10  2026-11-03 12:00  Eva Lind gave Åsa Öberg bullar, 12 pieces\n" in out
    assert "Eva Lind has given 2 gifts (2 hours, 12 pieces) and received 0\n" in out
    assert "Åsa Öberg has given 0 gifts and received 1 (12 pieces)\n" in out


def test_with_json_the_standing_is_a_note(kvarteret: Natverk) -> None:
    result = kvarteret("give", "Eva", "Åsa", "bullar", "--json")

    assert [row["position"] for row in result.json()] == [10]
    assert "Åsa Öberg has given 0 gifts and received 1" in result.err


def test_a_gift_tells_which_ask_now_looks_met(kvarteret: Natverk) -> None:
    towards = ("--ask", "painting", "--hours")
    assert "looks met" not in kvarteret.does("give", "Åsa", "Knut", *towards, "3.5")
    out = kvarteret.does("give", "Eva", "Knut", *towards, "0.5")

    assert "ask a1 (painting a fence) now looks met: natverk close a1 --met" in out


def test_the_kind_of_a_gift_is_that_of_its_ask_or_resource(kvarteret: Natverk) -> None:
    assert kvarteret.rows("give", "Åsa", "Knut", "--ask", "a1")[0]["kind"] == "service"
    assert kvarteret.rows("give", "Åsa", "Knut", "--resource", "r1")[0]["kind"] == "equipment"
    assert kvarteret.rows("give", "Åsa", "Knut")[0]["kind"] == "other"
    assert kvarteret.rows("give", "Åsa", "Knut", "--kind", "time")[0]["kind"] == "time"


@pytest.mark.parametrize("written", ["everyone", "alla", "ALLA"])
def test_a_gift_may_be_to_everyone(kvarteret: Natverk, written: str) -> None:
    (row,) = kvarteret.rows("give", "Café", written, "kaffe")

    assert row["receiver"] == "everyone"
    assert "Café Linden gave everyone kaffe" in kvarteret.does("log", "-n", "1")


def test_a_gift_says_what_led_to_it(kvarteret: Natverk) -> None:
    because = ("--because", "#9", "--because", "8")

    assert kvarteret.rows("give", "Knut", "Åsa", *because)[0]["because_of"] == [8, 9]


def test_people_give_before_they_join_and_before_the_founding(kvarteret: Natverk) -> None:
    kvarteret.does("give", "Eva", "Knut", "råd", "--at", "2020-05-01")


def test_words_come_from_standard_input_and_from_files(kvarteret: Natverk) -> None:
    (row,) = kvarteret.rows("give", "Eva", "Knut", "-", stdin="två\nrader\n")
    assert row["what"] == "två\nrader"

    Path("brev.txt").write_bytes("\ufefften lång\r\nhistoria\r\n".encode())
    assert kvarteret.rows("note", "9", "@brev.txt")[0]["text"] == "ten lång\nhistoria"


def test_a_text_of_exactly_the_longest_length_is_taken(kvarteret: Natverk) -> None:
    longest = "😀" * 2_000

    assert kvarteret.rows("note", "9", "-", stdin=longest + "\n")[0]["text"] == longest
    assert kvarteret("note", "9", "-", stdin=longest + "x").code == 2


def test_the_last_word_on_a_gift_counts_for_each_who_says_it(kvarteret: Natverk) -> None:
    by_knut = ("--recorded-by", "Knut")
    assert kvarteret.rows("confirm", "9", *by_knut)[0]["type"] == "gift-confirmed"
    assert kvarteret.rows("confirm", "#9", *by_knut) == []
    assert kvarteret.rows("dispute", "9", *by_knut)[0]["type"] == "gift-disputed"
    assert kvarteret.rows("confirm", "9", "--recorded-by", "Eva")[0]["actor"] == "m3"


def test_an_introduction_is_followed_up(kvarteret: Natverk) -> None:
    about = ("--about", "båda målar", "--ask", "a1")
    (made,) = kvarteret.rows("introduce", "Åsa", "Knut", "Eva", *about)
    assert (made["introducer"], made["first"], made["second"]) == ("m1", "m2", "m3")
    assert (made["about"], made["ask"]) == ("båda målar", "a1")

    (said,) = kvarteret.rows("follow-up", str(made["position"]), "--collaborated")
    assert (said["introduction"], said["outcome"]) == (made["position"], "collaborated")


def test_a_note_is_about_everyone_in_its_entry(kvarteret: Natverk) -> None:
    (row,) = kvarteret.rows("note", "9", "det regnade")

    assert (row["target"], row["members"], row["text"]) == (9, ["m3", "m2"], "det regnade")


def test_a_text_of_several_lines_cannot_pass_for_an_entry(kvarteret: Natverk) -> None:
    out = kvarteret.does("note", "9", "hej\n#11  2026-11-03 12:00  Knut Hansson left")

    assert out.count("\n") == 1
    assert out.startswith("#10 ")
