"""The witness: looks at the chain and the log, compares them with its own copy, and signs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from decisions.chain import merkle, models, rows
from decisions.chain.keeping import OwnCopy
from decisions.chain.notes import Checkpoint, NotSigned, opened, sign
from decisions.chain.verify import verify_chain


@dataclass(frozen=True)
class Looked:
    """What one look brought: findings, or the checkpoint signed, or neither when nothing is new."""

    findings: tuple[str, ...] = ()
    signed: Checkpoint | None = None
    note: str = ""


class Witness:
    """One witness: its name (the log's origin), its key and its own copy."""

    def __init__(self, origin: str, key: Ed25519PrivateKey, copy: OwnCopy) -> None:
        self._origin = origin
        self._key = key
        self._copy = copy

    def look(self, *, whole: bool) -> Looked:
        """Verify, from the last checkpoint or wholly, and sign what is new when all is in order.

        From the last checkpoint on means: that checkpoint, the events after it, what these speak
        of, and every leaf of the log. Wholly means all events, all evidence and all checkpoints.
        """
        notes = self._copy.notes(newest=not whole)
        public = self._key.public_key()
        try:
            kept = [opened(note, self._origin, public) for note in notes.values()]
        except NotSigned as refusal:
            return Looked((f"The witness's own copy cannot be relied on. {refusal}",))
        last = kept[-1] if kept else None
        start = last.seq if last and not whole else 0
        strange = self._stored(kept, notes, since=start)
        found = rows.read(start)
        newest = found.events[-1] if found.events else None
        tree = tree_of(found)
        findings = [*strange, *against(kept, tree), *verify_chain(found)]
        if findings:
            return Looked(tuple(findings))
        if newest is None or (last is not None and newest.seq == last.seq):
            return Looked()
        made = Checkpoint(
            origin=self._origin,
            size=len(tree),
            root=tree.root(len(tree)),
            seq=newest.seq,
            hash=newest.hash,
            at=datetime.now(UTC),
        )
        note = sign(made, self._key)
        self._copy.keep(made.seq, note)
        models.Checkpoint.objects.create(size=made.size, seq=made.seq, note=note)
        return Looked(signed=made, note=note)

    def adopt(self) -> int:
        """Copy the checkpoints of the database that this key signed; how many. Raises NotSigned."""
        stored = list(models.Checkpoint.objects.order_by("seq"))
        for row in stored:
            opened(row.note, self._origin, self._key.public_key())
        for row in stored:
            self._copy.keep(row.seq, row.note)
        return len(stored)

    def _stored(self, kept: list[Checkpoint], notes: dict[int, str], *, since: int) -> list[str]:
        """Compare the database's checkpoints, from event `since` on, with the witness's own.

        Of its own, the newest alone may be missing there: the witness was stopped between keeping
        and storing it. It is stored now.
        """
        there = models.Checkpoint.objects.filter(seq__gte=since).order_by("seq")
        stored = dict(there.values_list("seq", "note"))
        findings = []
        for seq, note in stored.items():
            if seq not in notes:
                findings.append(
                    f"The database holds a checkpoint at event {seq} of which the witness has no "
                    "copy of its own."
                )
            elif notes[seq] != note:
                findings.append(
                    f"The checkpoint at event {seq} in the database is not the one signed."
                )
        missing = [each for each in kept if each.seq not in stored]
        findings += [
            f"The checkpoint at event {each.seq} is gone from the database."
            for each in missing
            if each is not kept[-1]
        ]
        if missing and not findings and _still_so(missing[-1]):
            lost = missing[-1]
            models.Checkpoint.objects.create(size=lost.size, seq=lost.seq, note=notes[lost.seq])
        return findings


def _still_so(checkpoint: Checkpoint) -> bool:
    return rows.hashes_at([checkpoint.seq]).get(checkpoint.seq) == checkpoint.hash


def tree_of(found: rows.Rows) -> merkle.Tree:
    """The log's tree as the rows give it."""
    return merkle.Tree(merkle.leaf_hash(bytes.fromhex(each)) for each in found.commitments)


def against(kept: list[Checkpoint], tree: merkle.Tree) -> list[str]:
    """Compare the chain and the log as they are now with what was signed of them before."""
    now = rows.hashes_at(each.seq for each in kept)
    findings = []
    for each in kept:
        if each.seq not in now:
            findings.append(
                f"Event {each.seq}, at which a checkpoint was signed, is gone: the chain was cut "
                "off, or an earlier copy of the database was put in its place."
            )
        elif now[each.seq] != each.hash:
            findings.append(
                f"Event {each.seq} is not the one at which a checkpoint was signed: the chain was "
                "written anew."
            )
        if len(tree) < each.size:
            findings.append(
                f"The public log has {len(tree)} leaves; at event {each.seq} it had {each.size}."
            )
        elif tree.root(each.size) != each.root:
            findings.append(f"The public log is not the one that was signed at event {each.seq}.")
    return findings
