"""The ledger's tables in PostgreSQL, and the only statement that writes them.

Append-only twice over. Triggers refuse every change of an event but the loss of its personal parts, and every step back
of a head, to the owner as well. And events enter only by the function `append`, which runs as the owner, so a manager
whose role was given no more than `GRANTS` can add to the ledger, erase personal parts and do nothing else to it. The
schema is made at the first start by a role that may; afterwards no right to define anything is needed.

Limit: what is erased stays in the server's files until `VACUUM` has passed and in its log until that is recycled.
"""

from __future__ import annotations

from typing import Final

FORMAT: Final = 2
CHAIN_MOVED: Final = "IL001"
"""SQLSTATE of an append that expected, or relied on, another head than the chain has."""

CHANNEL: Final = "ink_ledger"

_TABLES: Final = """
CREATE SCHEMA ink_ledger;
CREATE TABLE ink_ledger.format (version integer NOT NULL);
CREATE TABLE ink_ledger.events (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    chain text COLLATE "C" NOT NULL, seq bigint NOT NULL, kind text NOT NULL, time text NOT NULL,
    body text NOT NULL, seal text NOT NULL, salt bytea, private text, prev text NOT NULL, hash text NOT NULL,
    UNIQUE (chain, seq)
);
CREATE TABLE ink_ledger.heads (
    chain text COLLATE "C" PRIMARY KEY, seq bigint NOT NULL, hash text NOT NULL
);

CREATE TABLE ink_ledger.leaves (
    leaf bigint PRIMARY KEY, chain text COLLATE "C" NOT NULL, seq bigint NOT NULL, hash text NOT NULL
);
CREATE INDEX leaves_of_chain ON ink_ledger.leaves (chain, seq);
CREATE TABLE ink_ledger.checkpoints (size bigint PRIMARY KEY, note text NOT NULL);
CREATE TABLE ink_ledger.cosignatures (
    size bigint NOT NULL, witness text NOT NULL, key text NOT NULL, line text NOT NULL, PRIMARY KEY (size, key)
);

CREATE FUNCTION ink_ledger.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only';
END $$;
CREATE TRIGGER events_stay BEFORE DELETE ON ink_ledger.events
    FOR EACH ROW EXECUTE FUNCTION ink_ledger.refuse();
CREATE TRIGGER events_never_change BEFORE UPDATE ON ink_ledger.events FOR EACH ROW
    WHEN (NEW.salt IS NOT NULL OR NEW.private IS NOT NULL OR
        (NEW.position, NEW.chain, NEW.seq, NEW.kind, NEW.time, NEW.body, NEW.seal, NEW.prev, NEW.hash) IS DISTINCT FROM
        (OLD.position, OLD.chain, OLD.seq, OLD.kind, OLD.time, OLD.body, OLD.seal, OLD.prev, OLD.hash))
    EXECUTE FUNCTION ink_ledger.refuse();
CREATE TRIGGER events_all_stay BEFORE TRUNCATE ON ink_ledger.events
    FOR EACH STATEMENT EXECUTE FUNCTION ink_ledger.refuse();
CREATE TRIGGER leaves_stay BEFORE DELETE OR UPDATE ON ink_ledger.leaves
    FOR EACH ROW EXECUTE FUNCTION ink_ledger.refuse();
CREATE TRIGGER leaves_all_stay BEFORE TRUNCATE ON ink_ledger.leaves
    FOR EACH STATEMENT EXECUTE FUNCTION ink_ledger.refuse();
CREATE TRIGGER heads_stay BEFORE DELETE ON ink_ledger.heads
    FOR EACH ROW EXECUTE FUNCTION ink_ledger.refuse();
CREATE TRIGGER heads_go_on BEFORE UPDATE ON ink_ledger.heads
    FOR EACH ROW WHEN (NEW.chain <> OLD.chain OR NEW.seq <= OLD.seq) EXECUTE FUNCTION ink_ledger.refuse();
CREATE TRIGGER heads_all_stay BEFORE TRUNCATE ON ink_ledger.heads
    FOR EACH STATEMENT EXECUTE FUNCTION ink_ledger.refuse();
"""

_BODY: Final = """
DECLARE
    relied text[] := ARRAY(SELECT chain FROM unnest(head_chain, head_seq) AS given (chain, seq) WHERE seq IS NULL);
    written text[] := ARRAY(SELECT chain FROM unnest(head_chain, head_seq) AS given (chain, seq) WHERE seq IS NOT NULL);
    kept bigint;
    known bigint;
    begun bigint;
BEGIN
    -- A head without a new number is one that the writer relies on: it does not move before this transaction ends. A
    -- chain that has not begun has none, so that its name is locked, by who begins it as well.
    PERFORM pg_advisory_xact_lock_shared(hashtextextended(chain, 0))
        FROM unnest(head_chain, head_expected, head_seq) AS given (chain, expected, seq)
        WHERE expected = '' AND seq IS NULL;
    PERFORM pg_advisory_xact_lock(hashtextextended(chain, 0))
        FROM unnest(head_chain, head_expected, head_seq) AS given (chain, expected, seq)
        WHERE expected = '' AND seq IS NOT NULL ORDER BY chain;
    PERFORM FROM heads WHERE chain = ANY (relied) ORDER BY chain FOR SHARE;
    -- In the order of their names, so that two writers of the same chains never wait for each other in a ring.
    PERFORM FROM heads WHERE chain = ANY (written) ORDER BY chain FOR UPDATE;
    SELECT count(*) INTO kept
        FROM unnest(head_chain, head_expected, head_seq) AS given (chain, expected, seq) LEFT JOIN heads USING (chain)
        WHERE given.seq IS NULL AND coalesce(heads.hash, '') = given.expected;
    UPDATE heads SET seq = new.seq, hash = new.hash
        FROM unnest(head_chain, head_expected, head_seq, head_hash) AS new (chain, expected, seq, hash)
        WHERE heads.chain = new.chain AND heads.hash = new.expected AND new.seq IS NOT NULL;
    GET DIAGNOSTICS known = ROW_COUNT;
    INSERT INTO heads
        SELECT new.chain, new.seq, new.hash
        FROM unnest(head_chain, head_expected, head_seq, head_hash) AS new (chain, expected, seq, hash)
        WHERE new.expected = '' AND new.seq IS NOT NULL ORDER BY new.chain
        ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS begun = ROW_COUNT;
    IF kept + known + begun <> cardinality(head_chain) THEN
        RAISE EXCEPTION 'another writer has added to one of these chains' USING ERRCODE = 'IL001';
    END IF;
    INSERT INTO events (chain, seq, kind, time, body, seal, salt, private, prev, hash)
        SELECT * FROM unnest(event_chain, event_seq, event_kind, event_time, event_body,
            event_seal, event_salt, event_private, event_prev, event_hash);
    UPDATE events SET salt = NULL, private = NULL
        FROM unnest(erased_chain, erased_seq) AS gone (chain, seq)
        WHERE events.chain = gone.chain AND events.seq = gone.seq AND events.private IS NOT NULL;
END """
APPEND: Final = (
    """CREATE OR REPLACE FUNCTION ink_ledger.append(
    head_chain text[], head_expected text[], head_seq bigint[], head_hash text[],
    event_chain text[], event_seq bigint[], event_kind text[], event_time text[], event_body text[],
    event_seal text[], event_salt bytea[], event_private text[], event_prev text[], event_hash text[],
    erased_chain text[], erased_seq bigint[]
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = ink_ledger, pg_temp AS $$"""
    + _BODY
    + "$$;"
)
"""Replaces that of an earlier release as well, whose callers it serves as before."""
FORMER_BODIES: Final = frozenset(
    {
        "ef659eb9d64277b35107848408c1b4b0c542c019912f8b59a3bde507cad0b175",
        "17a3acba9e493cde20d4d35518c4d14d51e0073d05fd90c7d23d46bafdfb54fc",
    }
)
"""SHA-256 (hex) of the bodies that earlier releases have made, which are replaced; one of a later release is not."""

_END: Final = """
REVOKE ALL ON FUNCTION ink_ledger.append FROM PUBLIC;
INSERT INTO ink_ledger.format VALUES (2);
"""
SCHEMA: Final = _TABLES + APPEND + _END

GRANTS: Final = """
GRANT USAGE ON SCHEMA ink_ledger TO {role};
GRANT SELECT ON ink_ledger.format, ink_ledger.events, ink_ledger.heads TO {role};
GRANT SELECT, INSERT ON ink_ledger.leaves, ink_ledger.checkpoints, ink_ledger.cosignatures TO {role};
GRANT EXECUTE ON FUNCTION ink_ledger.append TO {role};
"""
"""What a manager needs that does not own the schema; `{role}` is its quoted name."""
