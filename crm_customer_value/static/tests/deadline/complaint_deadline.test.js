import { expect, test } from "@odoo/hoot";
import { queryAllAttributes, queryAllTexts } from "@odoo/hoot-dom";
import { mockDate } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { allowTranslations, defineModels, fields, models, mountView } from "@web/../tests/web_test_helpers";

import { lengthOfTime, timeLeft } from "@crm_customer_value/deadline/deadline/deadline";

const { DateTime } = luxon;

class Complaint extends models.Model {
    _name = "customer.complaint";

    deadline = fields.Datetime();
    deadline_state = fields.Selection({
        selection: ["none", "in_time", "soon", "missed", "stopped", "done"].map((state) => [state, state]),
    });
    is_missed = fields.Boolean();

    _records = [
        { id: 1, deadline: "2026-01-05 12:30:00", deadline_state: "in_time" },
        { id: 2, deadline: "2026-01-05 09:25:30", deadline_state: "soon" },
        { id: 3, deadline: "2026-01-02 09:00:00", deadline_state: "missed", is_missed: true },
        { id: 4, deadline: "2026-01-05 08:30:00", deadline_state: "soon" },
        { id: 5, deadline: false, deadline_state: "stopped" },
        { id: 6, deadline: false, deadline_state: "done" },
        { id: 7, deadline: false, deadline_state: "done", is_missed: true },
        { id: 8, deadline: false, deadline_state: "none" },
    ];
}

defineMailModels();
defineModels([Complaint]);

test("a length of time is told in its largest unit, rounded down", () => {
    allowTranslations();
    const hour = 3600;
    expect([0, 59, 60, 3599, hour, 47 * hour, 48 * hour, 71 * hour].map((each) => `${lengthOfTime(each)}`)).toEqual(
        ["0 min", "0 min", "1 min", "59 min", "1 h", "47 h", "2 d", "2 d"]
    );
});

test("time left: around the deadline itself", () => {
    allowTranslations();
    mockDate("2026-01-05 09:00:00");
    const at = (seconds) => `${timeLeft(DateTime.now().plus({ seconds }))}`;
    expect([60, 59, 0, -1, -59, -60].map(at)).toEqual([
        "in 1 min",
        "now",
        "now",
        "just missed",
        "just missed",
        "late by 1 min",
    ]);
});

test("deadlines in a list: words, and the state as the clock goes on", async () => {
    mockDate("2026-01-05 09:00:00", +0);
    await mountView({
        type: "list",
        resModel: "customer.complaint",
        arch: `<list><field name="deadline" widget="complaint_deadline"/></list>`,
    });
    expect(queryAllTexts(".o_complaint_deadline")).toEqual([
        "in 3 h",
        "in 25 min",
        "late by 3 d",
        "late by 30 min",
        "on hold",
        "done in time",
        "done, too late",
        "no deadline",
    ]);
    expect(queryAllAttributes(".o_complaint_deadline", "data-state")).toEqual([
        "in_time",
        "soon",
        "missed",
        "missed",
        "stopped",
        "done",
        "done",
        "none",
    ]);
});
