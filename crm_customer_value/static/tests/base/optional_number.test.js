import { expect, test } from "@odoo/hoot";
import { click, edit, press, queryFirst } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { clickSave, defineModels, fields, models, mountView, onRpc } from "@web/../tests/web_test_helpers";

import "@crm_customer_value/base/optional_number/optional_number";

class Seller extends models.Model {
    _name = "seller";

    capacity = fields.Integer();
    target = fields.Float();

    _records = [{ id: 1, capacity: false, target: false }, { id: 2, capacity: 5, target: 2.5 }];
    _views = {
        form: `<form>
            <field name="capacity" widget="optional_integer" placeholder="8"/>
            <field name="target" widget="optional_float"/>
        </form>`,
    };
}

defineMailModels();
defineModels([Seller]);

/** Mount a form; what is saved is a step. */
async function mountSeller(resId) {
    // The model of the tests would make zeros of what is not known.
    onRpc("seller", "web_read", () => [resId === 1
        ? { id: 1, capacity: false, target: false, display_name: "None" }
        : { id: 2, capacity: 5, target: 2.5, display_name: "Five" }]);
    onRpc("seller", "web_save", ({ args }) => {
        expect.step(args[1]);
        return [{ id: resId, capacity: false, target: false, ...args[1] }];
    });
    await mountView({ type: "form", resModel: "seller", resId });
}

async function type(name, text, key) {
    await click(`[name=${name}] input`);
    await edit(text);
    await (key ? press(key) : click(".o_form_renderer"));
    await animationFrame();
}

for (const key of ["Tab", "Enter", ""]) {
    test(`zero is a number where nothing was: ${key || "click elsewhere"}`, async () => {
        await mountSeller(1);
        expect(queryFirst("[name=capacity] input").placeholder).toBe("8");
        await type("capacity", "0", key);
        expect("[name=capacity] input").toHaveValue("0");
        await type("target", "0", key);
        await clickSave();
        expect.verifySteps([{ capacity: 0, target: 0 }]);
    });

    test(`an empty field is no zero: ${key || "click elsewhere"}`, async () => {
        await mountSeller(2);
        await type("capacity", "", key);
        expect("[name=capacity] input").toHaveValue("");
        await type("target", "", key);
        await clickSave();
        expect.verifySteps([{ capacity: false, target: false }]);
    });
}

test("other numbers, and what is none, are as in other fields", async () => {
    await mountSeller(2);
    await type("capacity", "1,200", "Tab");
    await type("target", "3.25", "Tab");
    await clickSave();
    expect.verifySteps([{ capacity: 1200, target: 3.25 }]);
    await type("capacity", "many", "Tab");
    expect("[name=capacity]").toHaveClass("o_field_invalid");
});
