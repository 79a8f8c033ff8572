-- The schools' records in the example: pupils of the trust's schools, and how much of the last term they attended.
-- One schema for SQLite, PostgreSQL and MySQL/MariaDB. Schools seldom know an NHS number.

CREATE TABLE pupil (
  id INTEGER NOT NULL PRIMARY KEY,
  nhs_number VARCHAR(20),
  given_name VARCHAR(80) NOT NULL,
  surname VARCHAR(80) NOT NULL,
  birth_date DATE NOT NULL,
  postcode VARCHAR(16),
  school VARCHAR(80) NOT NULL,
  safeguarding_lead VARCHAR(120) NOT NULL, -- and how to reach them
  term_began DATE NOT NULL,
  attendance INTEGER NOT NULL -- in per cent
);
