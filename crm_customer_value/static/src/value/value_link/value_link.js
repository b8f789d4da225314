import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

/**
 * Makes what is shown of a customer's value a way to that value.
 *
 * @param {() => import("@web/model/relational_model/record").Record} getRecord
 * @returns {{ id: number|false, open: (ev: Event) => Promise<void> }} the value of the record's customer, and what
 *  opens it: above a form that is not saved, or in its place
 */
export function useValueLink(getRecord) {
    const action = useService("action");
    return {
        get id() {
            const value = getRecord().data.customer_value_id;
            return value ? value.id : false;
        },
        async open(ev) {
            ev.preventDefault();
            ev.stopPropagation();
            const record = getRecord();
            const isUnsaved = !record.resId || (await record.isDirty());
            await action.doAction({
                type: "ir.actions.act_window",
                name: _t("Customer Value"),
                res_model: "customer.value",
                res_id: this.id,
                views: [[false, "form"]],
                target: isUnsaved ? "new" : "current",
            });
        },
    };
}

/** The field that a link needs; of a value itself there is nowhere to go. */
export const VALUE_DEPENDENCY = { name: "customer_value_id", type: "many2one", relation: "customer.value" };
