CREATE OR REPLACE FUNCTION ink_ledger.append(
    head_chain text[], head_expected text[], head_seq bigint[], head_hash text[],
    event_chain text[], event_seq bigint[], event_kind text[], event_time text[], event_body text[],
    event_seal text[], event_salt bytea[], event_private text[], event_prev text[], event_hash text[],
    erased_chain text[], erased_seq bigint[]
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = ink_ledger, pg_temp AS $$
DECLARE
    known bigint;
    begun bigint;
BEGIN
    -- In the order of their names, so that two writers of the same chains never wait for each other in a ring.
    PERFORM FROM heads WHERE chain = ANY (head_chain) ORDER BY chain FOR UPDATE;
    UPDATE heads SET seq = new.seq, hash = new.hash
        FROM unnest(head_chain, head_expected, head_seq, head_hash) AS new (chain, expected, seq, hash)
        WHERE heads.chain = new.chain AND heads.hash = new.expected;
    GET DIAGNOSTICS known = ROW_COUNT;
    INSERT INTO heads
        SELECT new.chain, new.seq, new.hash
        FROM unnest(head_chain, head_expected, head_seq, head_hash) AS new (chain, expected, seq, hash)
        WHERE new.expected = '' ORDER BY new.chain
        ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS begun = ROW_COUNT;
    IF known + begun <> cardinality(head_chain) THEN
        RAISE EXCEPTION 'another writer has added to one of these chains' USING ERRCODE = 'IL001';
    END IF;
    INSERT INTO events (chain, seq, kind, time, body, seal, salt, private, prev, hash)
        SELECT * FROM unnest(event_chain, event_seq, event_kind, event_time, event_body,
            event_seal, event_salt, event_private, event_prev, event_hash);
    UPDATE events SET salt = NULL, private = NULL
        FROM unnest(erased_chain, erased_seq) AS gone (chain, seq)
        WHERE events.chain = gone.chain AND events.seq = gone.seq AND events.private IS NOT NULL;
END $$;
