"""Notes and threads that go with the rows of a table: cells, drawn boxes and answers alike."""

from __future__ import annotations

from pathlib import Path

import pytest
from refresh_books import orders

from xlkpi.workbook import notes
from xlkpi.workbook.book import Book
from xlkpi.workbook.package import Package

THREADS = (b'<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">'
           b'<threadedComment ref="D4" id="{1}"><text>why?</text></threadedComment>'
           b'<threadedComment ref="D4" id="{2}" parentId="{1}"><text>because</text></threadedComment>'
           b'<threadedComment ref="E6" id="{3}"><text>look</text></threadedComment></ThreadedComments>')


@pytest.fixture
def book(tmp_path: Path) -> Book:
    opened = Book(Package.open(orders(tmp_path / "book.xlsx", [], comments={
        "D4": "[Threaded comment] why?", "B5": "plain", "H1": "beside the table"})))
    opened.package.add("xl/threadedComments/threadedComment1.xml", THREADS,
                       "application/vnd.ms-excel.threadedcomments+xml")
    opened.package.relate(opened.sheet("订单").part, "xl/threadedComments/threadedComment1.xml", "threadedComment")
    return opened


def places(book: Book) -> dict[tuple[int, int], str]:
    return notes.texts(book, book.table("orders"))


def vml(book: Book) -> bytes:
    return book.package.read(book.package.related(book.sheet("订单").part, "vmlDrawing")[0])


def test_notes_and_threads_of_the_table_are_read(book: Book) -> None:
    assert places(book) == {(4, 4): "why?", (5, 2): "plain", (6, 5): "look"}


def test_they_move_together(book: Book) -> None:
    notes.move(book, book.table("orders"), {0: 2, 2: 0, 1: 1})
    assert places(book) == {(6, 4): "why?", (5, 2): "plain", (4, 5): "look"}
    threads = book.package.xml(book.package.related(book.sheet("订单").part, "threadedComment")[0])
    assert threads.count(b'ref="D6"') == 2  # the question and its answer
    assert vml(book).count(b"<x:Row>5</x:Row>") == 1
    assert b"<x:Row>0</x:Row>" in vml(book)  # the note beside the table stays


def test_they_go_with_a_row_that_is_gone(book: Book) -> None:
    before = vml(book)
    notes.move(book, book.table("orders"), {0: None, 1: 0, 2: None})
    assert places(book) == {(4, 2): "plain"}
    assert before.count(b"<v:shape ") - vml(book).count(b"<v:shape ") == 1


def test_nothing_is_written_when_no_row_moves(book: Book) -> None:
    before = vml(book)
    notes.move(book, book.table("orders"), {0: 0, 1: 1})
    assert vml(book) is before
