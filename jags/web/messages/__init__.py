"""What the e-mails say: the Business Unit reads, tries and changes their wording."""
