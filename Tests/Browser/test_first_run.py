"""The first fifteen minutes of an operator: an empty folder, `kith serve` without arguments, and the link it prints; at
the end an organization with two administrators, a coordinator, two programs, and a backup that came back."""

import os
import re
import subprocess
import time

import pytest
from playwright.sync_api import expect

from support.house import KITH, PASSWORD, come_in, invitation
from support.pages import inspect, sign_in
from support.server import free_port, is_healthy
from support.visitors import Visitors
from test_second_factor import Phone

LINK = re.compile(r"http://localhost:\d+(/setup/[\w-]+)")


class FreshKith:
    """Started as somebody does who has read nothing: without arguments, in an empty folder."""

    def __init__(self, folder):
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        # Only where this machine's other programs are in the way: another port.
        self._environment = {**os.environ, "KITH_PORT": str(self.port)}
        self._log = folder.parent / "serve.log"
        self.start()

    def start(self):
        with self._log.open("wb") as log:
            self._process = subprocess.Popen([KITH, "serve"], cwd=self.folder, env=self._environment, stdout=log,
                                             stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        for _ in range(300):
            if is_healthy(self.url):
                return
            assert self._process.poll() is None, self.output
            time.sleep(0.1)
        raise AssertionError(self.output)

    @property
    def output(self):
        return self._log.read_text()

    def link(self):
        for _ in range(50):
            if found := LINK.findall(self.output):
                assert len(found) == 1, self.output
                return found[0]
            time.sleep(0.1)
        raise AssertionError(self.output)

    def run(self, *arguments):
        done = subprocess.run([KITH, *arguments], cwd=self.folder, env=self._environment, capture_output=True,
                              text=True, timeout=60)
        return done.returncode, done.stdout + done.stderr

    def stop(self):
        self._process.terminate()
        assert self._process.wait(10) == 0


class Steps:
    """What an operator does, counted: a page sent or followed, or a command."""

    def __init__(self):
        self.begin, self.taken = time.monotonic(), []

    def take(self, what):
        self.taken.append(what)

    def told(self):
        seconds = time.monotonic() - self.begin
        return f"{len(self.taken)} steps in {seconds:.0f} s: " + ", ".join(self.taken)


@pytest.fixture
def kith(tmp_path):
    folder = tmp_path / "empty"
    folder.mkdir(mode=0o700)
    kith = FreshKith(folder)
    yield kith
    kith.stop()


@pytest.fixture
def visit(browser, kith):
    visitors = Visitors(browser, kith.url)
    yield visitors.open
    visitors.close()


@pytest.mark.timeout(300)
def test_the_first_fifteen_minutes(kith, visit, capsys):
    steps = Steps()
    link = kith.link()
    steps.take("kith serve")
    assert (kith.folder / "kith-data").stat().st_mode & 0o777 == 0o700, "a folder of its own, for its owner only"

    page = visit("phone")
    page.goto("/setup/forged")
    expect(page.get_by_text("does not set up this Kith")).to_be_visible()
    inspect(page, "first-run-other-link")
    page.goto(link)
    inspect(page, "first-run-organization")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("alert")).to_be_focused()
    inspect(page, "first-run-organization-errors")
    page.get_by_label("Name of your organization").fill("Riverside Health")
    page.get_by_label("Time zone").select_option("America/New_York")
    page.get_by_role("button", name="Go on").click()
    steps.take("organization")

    page.get_by_label("Name of the program").wait_for()
    inspect(page, "first-run-program")
    page.get_by_label("Name of the program").fill("Caregivers")
    page.get_by_label("What it offers").fill("For people who care for somebody.")
    page.get_by_label("What support can be about").fill("Sleep\nGrief")
    page.get_by_role("button", name="Go on").click()
    steps.take("program")

    page.get_by_label("Your name").wait_for()
    inspect(page, "first-run-administrator")
    page.get_by_role("link", name="Back").click()
    expect(page.get_by_label("Name of the program")).to_have_value("Caregivers")
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Your name").fill("Ada Adler")
    page.get_by_label("Sign-in name").fill("ada")
    page.get_by_label("Password", exact=True).fill("short")
    page.get_by_role("button", name="Set up Kith").click()
    expect(page.get_by_role("alert")).to_contain_text("at least 15 characters")
    expect(page.get_by_label("Your name")).to_have_value("Ada Adler")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Set up Kith").click()
    steps.take("administrator")

    expect(page.get_by_role("heading", name="A test mail")).to_be_visible()
    inspect(page, "first-run-mail")
    page.get_by_role("link", name="Go on").click()
    steps.take("test mail")
    expect(page.get_by_role("heading", name="Practice with made-up people")).to_be_visible()
    inspect(page, "first-run-practice")
    page.get_by_role("link", name="Go on").click()
    steps.take("sample data")
    expect(page.get_by_role("heading", name="Kith is set up")).to_be_visible()
    inspect(page, "first-run-end")
    late = visit("desktop")
    late.goto(link)
    expect(late.get_by_text("Kith is set up already")).to_be_visible()
    inspect(late, "first-run-late")

    page.get_by_role("link", name="Sign in", exact=True).click()
    sign_in(page, "ada", PASSWORD)
    steps.take("sign in")
    enroll(page)
    steps.take("second factor")
    page.goto("/people")
    for name, role in (("Ana Alvarez", "Coordinator"), ("Abel Ortega", "Administrator")):
        page.get_by_label("Name", exact=True).fill(name)
        page.get_by_label("Program", exact=True).select_option(label="Caregivers")
        page.get_by_label("Role", exact=True).select_option(label=role)
        page.get_by_role("button", name="Add and make a way in").click()
        way_in = invitation(page.locator("p.code").inner_text())
        steps.take(f"invite a {role.lower()}")
        other = visit("desktop")
        come_in(other, way_in, name.split()[0].lower())
        enroll(other)

    code, said = kith.run("doctor")
    steps.take("kith doctor")
    assert code == 1 and "Nobody makes any" in said, said
    assert said.count("ACT ") == 2, f"backups and their trial, and nothing else:\n{said}"
    code, said = kith.run("program", "add", "--name", "New parents")
    assert code == 0, said
    steps.take("kith program add")
    (kith.folder / "backups").mkdir(mode=0o700)
    code, said = kith.run("backup", "make", "--to", "backups")
    assert code == 0, said
    steps.take("kith backup make")
    made = next((kith.folder / "backups").glob("kith-2*.backup"))
    code, said = kith.run("backup", "verify", str(made))
    assert code == 0 and "all logs are whole" in said, said
    steps.take("kith backup verify")
    code, said = kith.run("doctor")
    assert code == 0 and "All is well." in said, said
    steps.take("kith doctor")
    assert PASSWORD not in kith.output and kith.output.count("/setup/") == 1
    with capsys.disabled():
        print(f"\nThe first run: {steps.told()}")


def enroll(page):
    """Sets up a code from a phone, which is asked of staff before anything else."""
    page.get_by_role("button", name="Set it up").click()
    page.get_by_label("Code", exact=True).fill(Phone(page.locator(".code").inner_text()).next_code())
    page.get_by_role("button", name="Turn it on").click()
    page.get_by_role("link", name="I have kept the list").click()
    page.wait_for_load_state()


def focus(page, label):
    """Goes on with the Tab key until the question is reached."""
    field = page.get_by_label(label, exact=True).first
    for _ in range(40):
        page.keyboard.press("Tab")
        if field.evaluate("field => field === document.activeElement"):
            return
    raise AssertionError(f"the Tab key does not reach {label}")


def test_with_the_keyboard_alone_and_without_scripts(kith, visit):
    page = visit("desktop", java_script_enabled=False)
    page.goto(kith.link())
    focus(page, "Name of your organization")
    page.keyboard.type("Riverside Health")
    focus(page, "Time zone")
    page.keyboard.type("Eastern")
    focus(page, "English")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your first program")).to_be_visible()
    focus(page, "Name of the program")
    page.keyboard.type("Caregivers")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="The first administrator")).to_be_visible()
    focus(page, "Your name")
    page.keyboard.type("Ada Adler")
    focus(page, "Sign-in name")
    page.keyboard.type("ada")
    focus(page, "Password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="A test mail")).to_be_visible()


@pytest.mark.parametrize("language", ["es", "ar"])
def test_in_other_languages(kith, visit, language):
    page = visit("phone", locale=language)
    page.goto(kith.link())
    assert page.locator("html").get_attribute("lang") == language
    inspect(page, f"first-run-organization-{language}")
    page.locator("#name").fill("Riverside")
    page.locator("#zone").select_option("UTC")
    page.locator("main button.button").click()
    page.locator("#eligibility").wait_for()
    inspect(page, f"first-run-program-{language}")
    page.locator("#name").fill("Caregivers")
    page.locator("main button.button").click()
    page.locator("#login").fill("ada")
    inspect(page, f"first-run-administrator-{language}")
    page.locator("#name").fill("Ada Adler")
    page.locator("#password").fill(PASSWORD)
    page.locator("main button.button").click()
    for name in ("mail", "practice", "end"):
        expect(page.locator("h1")).to_be_visible()
        inspect(page, f"first-run-{name}-{language}")
        page.locator("main a.button").last.click()
    expect(page).to_have_url(re.compile("/sign-in"))


def test_a_start_makes_the_old_link_none(kith, visit):
    first = kith.link()
    kith.stop()
    kith.start()
    assert kith.link() != first
    page = visit("desktop")
    assert page.goto(first).status == 409
    assert page.goto(kith.link()).status == 200
