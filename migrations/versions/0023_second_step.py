"""Second factors, known browsers, resets by two people, and reviews of who has access."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    for column in ("last_used_at", "asked_at", "case_text_from"):
        op.add_column("account", sa.Column(column, _AT, nullable=True))
    # Who was here lately is not asked whether the account is still needed.
    op.execute(
        "UPDATE account SET last_used_at = (SELECT MAX(last_seen_at) FROM signed_in_session"
        " WHERE signed_in_session.account_id = account.id)"
    )
    for added in (
        sa.Column("factor", sa.String(length=64), nullable=True),
        sa.Column("proved_at", _AT, nullable=True),
        sa.Column("browser", sa.Text(), server_default="", nullable=False),
        sa.Column("challenge", sa.LargeBinary(), nullable=True),
    ):
        op.add_column("signed_in_session", added)
    op.create_table(
        "known_device",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("browser", sa.Text(), nullable=False),
        sa.Column("since", _AT, nullable=False),
        sa.Column("last_used_at", _AT, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_known_device_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_known_device")),
        sa.UniqueConstraint("account_id", "secret_hash", name=op.f("uq_known_device_account_id_secret_hash")),
    )
    op.create_table(
        "passkey",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        sa.Column("browser", sa.Text(), nullable=False),
        sa.Column("added_at", _AT, nullable=False),
        sa.Column("last_used_at", _AT, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_passkey_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
    )
    op.create_index("ix_passkey_account_id", "passkey", ["account_id"])
    op.create_table(
        "authenticator",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("added_at", _AT, nullable=False),
        sa.Column("confirmed_at", _AT, nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_authenticator_account_id")),
        sa.ForeignKeyConstraint(["key_id"], ["data_key.id"], name=op.f("fk_authenticator_key_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authenticator")),
    )
    op.create_index("ix_authenticator_account_id", "authenticator", ["account_id"])
    op.create_table(
        "code_sheet",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", _AT, nullable=False),
        sa.Column("confirmed_at", _AT, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_code_sheet_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code_sheet")),
    )
    op.create_index("ix_code_sheet_account_id", "code_sheet", ["account_id"])
    op.create_table(
        "sheet_code",
        sa.Column("sheet_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("used_at", _AT, nullable=True),
        sa.ForeignKeyConstraint(["sheet_id"], ["code_sheet.id"], name=op.f("fk_sheet_code_sheet_id")),
        sa.PrimaryKeyConstraint("sheet_id", "number", name=op.f("pk_sheet_code")),
    )
    op.create_table(
        "organisation_identity",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("identity_index", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", _AT, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_organisation_identity_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_identity")),
        sa.UniqueConstraint(
            "account_id", "provider", name=op.f("uq_organisation_identity_account_id_provider")
        ),
        sa.UniqueConstraint("identity_index", name=op.f("uq_organisation_identity_identity_index")),
    )
    op.create_table(
        "access_reset",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("called_by", sa.Uuid(), nullable=False),
        sa.Column("called_at", _AT, nullable=False),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", _AT, nullable=True),
        sa.Column("ended_at", _AT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_access_reset_account_id")),
        sa.ForeignKeyConstraint(["called_by"], ["account.id"], name=op.f("fk_access_reset_called_by")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["account.id"], name=op.f("fk_access_reset_confirmed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_reset")),
    )
    op.create_index("ix_access_reset_account_id", "access_reset", ["account_id"])
    op.create_table(
        "access_review",
        sa.Column("agency_id", sa.Uuid(), nullable=True),
        sa.Column("reviewed_by", sa.Uuid(), nullable=False),
        sa.Column("reviewed_at", _AT, nullable=False),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.Column("ended", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_access_review_agency_id")),
        sa.ForeignKeyConstraint(["reviewed_by"], ["account.id"], name=op.f("fk_access_review_reviewed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_review")),
    )
    op.create_index("ix_access_review_agency_id", "access_review", ["agency_id"])


def downgrade() -> None:
    for table, index in (
        ("access_review", "ix_access_review_agency_id"),
        ("access_reset", "ix_access_reset_account_id"),
        ("organisation_identity", ""),
        ("sheet_code", ""),
        ("code_sheet", "ix_code_sheet_account_id"),
        ("authenticator", "ix_authenticator_account_id"),
        ("passkey", "ix_passkey_account_id"),
        ("known_device", ""),
    ):
        if index:
            op.drop_index(index, table_name=table)
        op.drop_table(table)
    # A session of before knows no second step, and a suspended account no state of that name.
    op.execute("DELETE FROM signed_in_session WHERE proved_at IS NULL")
    op.execute("UPDATE account SET state = 'disabled' WHERE state = 'suspended'")
    # Purposes of links that are unknown before.
    op.execute("DELETE FROM link WHERE purpose IN ('reset', 'still_needed')")
    # In place: copying a table to which others point is refused on SQLite.
    for column in ("challenge", "browser", "proved_at", "factor"):
        op.drop_column("signed_in_session", column)
    for column in ("case_text_from", "asked_at", "last_used_at"):
        op.drop_column("account", column)
