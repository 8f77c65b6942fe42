"""A member votes in secret by phone, keeps the receipt, and counts a closed vote again from its file."""

from tests.browser import barriers, overflow, picture
from tests.journeys.test_barn import log_in


def looked_at(page, name):
    assert (barriers(page), overflow(page)) == ([], 0), name
    picture(page, name)


def test_a_member_votes_in_secret_finds_the_receipt_and_counts_a_closed_vote_again(town, phone, tmp_path):
    page = phone
    log_in(page, town, "nolwenn")
    page.goto(f"{town.url}/commons/decisions/")
    looked_at(page, "decisions")
    page.locator("li", has_text="Qui modère").get_by_role("link", name="Voter").click()
    page.get_by_text("Ce vote est secret").wait_for()
    looked_at(page, "ballot")
    for place, grade in enumerate(("Excellent", "Bien", "À rejeter")):
        page.locator("main form select").nth(place).select_option(label=grade)
    page.get_by_role("button", name="Mettre dans l’urne").click()

    receipt = page.locator("#receipt").inner_text()
    looked_at(page, "receipt")
    page.get_by_role("link", name="Le voir au tableau").click()
    page.get_by_label("Votre reçu, ou son début").fill(receipt[:20])
    page.get_by_role("button", name="Retrouver").click()
    page.get_by_text("Votre reçu porte le numéro").wait_for()
    assert "Excellent" not in page.locator("main").inner_text()  # nobody sees how before it closes
    looked_at(page, "board")

    page.goto(f"{town.url}/commons/decisions/")
    page.locator("li", has_text="Quelle caisse").get_by_role("link", name="comment on a compté").click()
    page.get_by_text("Recompté à l’instant").wait_for()
    looked_at(page, "result")
    with page.expect_download() as given:
        page.get_by_role("link", name="Fichier (JSON)").click()
    file = tmp_path / "vote.json"
    given.value.save_as(file)
    page.goto(f"{town.url}/commons/decisions/recount/")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Compter").click()
    page.get_by_text("Le décompte concorde.").wait_for()
    looked_at(page, "recount")
