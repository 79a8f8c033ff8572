-- The council's records in the example: whom it knows, and where in its area they have lived.
-- One schema for SQLite, PostgreSQL and MySQL/MariaDB. A residence without a moving out is where the person lives now.

CREATE TABLE resident (
  ni_number VARCHAR(9) NOT NULL PRIMARY KEY,
  given_names VARCHAR(80) NOT NULL,
  surname VARCHAR(80) NOT NULL,
  birth_date DATE NOT NULL
);

CREATE TABLE residence (
  ni_number VARCHAR(9) NOT NULL,
  address VARCHAR(80) NOT NULL,
  postcode VARCHAR(8) NOT NULL,
  moved_in DATE NOT NULL,
  moved_out DATE,
  FOREIGN KEY (ni_number) REFERENCES resident (ni_number)
);

CREATE INDEX residence_ni_number ON residence (ni_number);
