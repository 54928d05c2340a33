-- Codes by which PCs without a key may enrol: one for a PC at most, gone when it is used, and after five wrong tries.
CREATE TABLE enrolment (
    pc          INTEGER PRIMARY KEY REFERENCES pc (id) ON DELETE CASCADE,
    code_key    TEXT NOT NULL,                              -- what the code becomes, in hexadecimal; the code itself is nowhere
    expires     TEXT NOT NULL,
    wrong_tries INTEGER NOT NULL DEFAULT 0
) STRICT;
