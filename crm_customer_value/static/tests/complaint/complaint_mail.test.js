import { expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { advanceTime, animationFrame, mockDate } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { contains, defineModels, fields, models, mountView, onRpc } from "@web/../tests/web_test_helpers";

import "@crm_customer_value/complaint/complaint_kanban/complaint_kanban";
import "@crm_customer_value/complaint/complaint_mail/complaint_mail";

class Stage extends models.Model {
    _name = "customer.complaint.stage";

    name = fields.Char();
    _records = [
        { id: 1, name: "Received" },
        { id: 2, name: "Acknowledged" },
    ];
}

class Complaint extends models.Model {
    _name = "customer.complaint";

    stage_id = fields.Many2one({ relation: "customer.complaint.stage" });
    mail_stage_id = fields.Many2one({ relation: "customer.complaint.stage" });
    mail_due = fields.Datetime();
    told_address = fields.Char();
    _records = [
        { id: 1, stage_id: 1, told_address: "anna@customer.example" },
        { id: 2, stage_id: 2, told_address: "bert@customer.example", mail_stage_id: 2, mail_due: "2026-01-05 09:03:30" },
        { id: 3, stage_id: 1 },
    ];
}

defineMailModels();
defineModels([Stage, Complaint]);

const BOARD = `
    <kanban js_class="customer_complaint_kanban">
        <field name="mail_stage_id"/>
        <templates>
            <t t-name="card">
                <field name="told_address" widget="complaint_told" invisible="not told_address or mail_stage_id"/>
                <field name="mail_due" widget="complaint_mail"/>
            </t>
        </templates>
    </kanban>`;

/** Mount the board; a card that moves has an e-mail wait for five minutes, if anybody is told. */
async function mountBoard() {
    mockDate("2026-01-05 09:00:00", +0);
    onRpc("customer.complaint", "web_save", function ({ args, parent }) {
        const [[id], values] = args;
        const [{ told_address: address }] = this.env["customer.complaint"].read([id], ["told_address"]);
        if (values.stage_id && address) {
            values.mail_stage_id = values.stage_id;
            values.mail_due = "2026-01-05 09:05:00";
        }
        return parent();
    });
    onRpc("customer.complaint", "action_drop_waiting_mail", function ({ args }) {
        expect.step(`drop ${args[0]}`);
        this.env["customer.complaint"].write(args[0], { mail_stage_id: false, mail_due: false });
        return true;
    });
    await mountView({ type: "kanban", resModel: "customer.complaint", arch: BOARD, groupBy: ["stage_id"] });
}

test("a card says when its e-mail goes out, and an envelope whom moving it tells", async () => {
    await mountBoard();
    expect(queryAllTexts(".o_complaint_mail")).toEqual(["E-mail in 4 minutes"]);
    expect(".o_complaint_mail").toHaveAttribute(
        "title",
        /^bert@customer.example gets an e-mail about “Acknowledged” in 4 minutes\./
    );
    expect(".o_complaint_told").toHaveCount(1);
    expect(".o_complaint_told").toHaveAttribute("title", "Moving this card tells anna@customer.example by e-mail");
});

test("the clock goes on while the board is open", async () => {
    await mountBoard();
    for (const [seconds, text] of [
        [30, "E-mail in 3 minutes"],
        [120, "E-mail in 1 minute"],
        [60, "E-mail goes out now"],
    ]) {
        await advanceTime(seconds * 1000);
        await animationFrame();
        expect(queryAllTexts(".o_complaint_mail")).toEqual([text]);
    }
});

test("dropping a card says whom it tells, and can be stopped", async () => {
    await mountBoard();
    await contains(".o_kanban_group:first .o_kanban_record:has(.o_complaint_told)").dragAndDrop(
        ".o_kanban_group:eq(1)"
    );
    await animationFrame();
    expect(".o_notification_content").toHaveText(
        "anna@customer.example gets an e-mail about “Acknowledged” in 5 minutes."
    );
    expect(queryAllTexts(".o_complaint_mail").toSorted()).toEqual(["E-mail in 4 minutes", "E-mail in 5 minutes"]);
    await contains(".o_notification_buttons button").click();
    await animationFrame();
    expect.verifySteps(["drop 1"]);
    expect(queryAllTexts(".o_complaint_mail")).toEqual(["E-mail in 4 minutes"]);
});

test("a card whose move tells nobody says nothing", async () => {
    await mountBoard();
    await contains(".o_kanban_group:first .o_kanban_record:not(:has(.o_complaint_told))").dragAndDrop(
        ".o_kanban_group:eq(1)"
    );
    await animationFrame();
    expect(".o_notification").toHaveCount(0);
});
