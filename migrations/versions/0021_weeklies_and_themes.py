"""Weeklies, the meetings held and what they decided, themes.

Revision: 0021; after: 0016.
A migration runs while the previous build still serves: add first, remove one release later.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0021"
down_revision: str | None = "0016"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "weeklies",
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("asks_on", sa.Integer(), nullable=False),
        sa.Column("asks_at", sa.Time(), nullable=False),
        sa.Column("closes_at", sa.Time(), nullable=False),
        sa.Column("meets_on", sa.Integer(), nullable=False),
        sa.Column("meets_at", sa.Time(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_weeklies_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weeklies")),
        sa.UniqueConstraint("team_id", name=op.f("uq_weeklies_team_id")),
    )
    op.create_table(
        "meetings",
        sa.Column("weekly_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Uuid(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("made_none", sa.Boolean(), nullable=False),
        sa.Column("needed_none", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["closed_by_id"], ["people.id"], name=op.f("fk_meetings_closed_by_id")),
        sa.ForeignKeyConstraint(["lead_id"], ["people.id"], name=op.f("fk_meetings_lead_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_meetings_team_id")),
        sa.ForeignKeyConstraint(["weekly_id"], ["weeklies.id"], name=op.f("fk_meetings_weekly_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meetings")),
        sa.UniqueConstraint("weekly_id", "day", name=op.f("uq_meetings_weekly_id_day")),
    )
    with op.batch_alter_table("meetings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meetings_team_id_day"), ["team_id", "day"], unique=False)

    op.create_table(
        "themes",
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("root_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=75), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["decided_by_id"], ["people.id"], name=op.f("fk_themes_decided_by_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_themes_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_themes")),
    )
    with op.batch_alter_table("themes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_themes_team_id_state"), ["team_id", "state"], unique=False)

    op.create_table(
        "weekly_plans",
        sa.Column("weekly_id", sa.Uuid(), nullable=False),
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.Column("again_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["weekly_id"], ["weeklies.id"], name=op.f("fk_weekly_plans_weekly_id")),
        sa.PrimaryKeyConstraint("weekly_id", name=op.f("pk_weekly_plans")),
    )
    with op.batch_alter_table("weekly_plans", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_weekly_plans_again_at"), ["again_at"], unique=False)

    op.create_table(
        "meeting_inputs",
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("fk_meeting_inputs_meeting_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_meeting_inputs_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_inputs")),
        sa.UniqueConstraint("meeting_id", "person_id", name=op.f("uq_meeting_inputs_meeting_id_person_id")),
    )
    op.create_table(
        "meeting_lines",
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("memo_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_meeting_lines_by_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("fk_meeting_lines_meeting_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_meeting_lines_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_lines")),
    )
    with op.batch_alter_table("meeting_lines", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meeting_lines_meeting_id"), ["meeting_id"], unique=False)

    op.create_table(
        "meeting_off_track",
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("kpi_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("next_week", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_meeting_off_track_by_id")),
        sa.ForeignKeyConstraint(["kpi_id"], ["kpis.id"], name=op.f("fk_meeting_off_track_kpi_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("fk_meeting_off_track_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_off_track")),
        sa.UniqueConstraint("meeting_id", "kpi_id", name=op.f("uq_meeting_off_track_meeting_id_kpi_id")),
    )
    op.create_table(
        "theme_blockers",
        sa.Column("theme_id", sa.Uuid(), nullable=False),
        sa.Column("blocker_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["blocker_id"], ["blockers.id"], name=op.f("fk_theme_blockers_blocker_id")),
        sa.ForeignKeyConstraint(["theme_id"], ["themes.id"], name=op.f("fk_theme_blockers_theme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme_blockers")),
        sa.UniqueConstraint("theme_id", "blocker_id", name=op.f("uq_theme_blockers_theme_id_blocker_id")),
    )
    with op.batch_alter_table("theme_blockers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_theme_blockers_blocker_id"), ["blocker_id"], unique=False)


def downgrade() -> None:
    op.drop_table("theme_blockers")
    op.drop_table("meeting_off_track")
    op.drop_table("meeting_lines")
    op.drop_table("meeting_inputs")
    op.drop_table("weekly_plans")
    op.drop_table("themes")
    op.drop_table("meetings")
    op.drop_table("weeklies")
