-- HMRC's records in the example: whom it knows, and the spells of work or pension that it has for them.
-- One schema for SQLite, PostgreSQL and MySQL/MariaDB. A spell without an end is still running.

CREATE TABLE taxpayer (
  ni_number VARCHAR(9) NOT NULL PRIMARY KEY,
  given_names VARCHAR(80) NOT NULL,
  surname VARCHAR(80) NOT NULL,
  birth_date DATE NOT NULL
);

CREATE TABLE spell (
  ni_number VARCHAR(9) NOT NULL,
  kind VARCHAR(16) NOT NULL, -- pay, self-employment or pension
  began DATE NOT NULL,
  ended DATE,
  FOREIGN KEY (ni_number) REFERENCES taxpayer (ni_number)
);

CREATE INDEX spell_ni_number ON spell (ni_number);
