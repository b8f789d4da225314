import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { formatMonetary } from "@web/views/fields/formatters";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** What a product brings to us beside what its customers gain by it: asked for when the tab opens. */
export class ProductSides extends Component {
    static template = "crm_customer_value.ProductSides";
    static props = { ...standardWidgetProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.state = useState({ sides: null });
        useRecordObserver(({ resId }) => {
            if (resId !== this.shownId) {
                this.shownId = resId;
                this.state.sides = null;
                return this.load(resId);
            }
        });
    }

    async load(resId) {
        if (resId) {
            this.state.sides = await this.keepLast.add(
                this.orm.call("product.template", "get_both_sides", [[resId]])
            );
        }
    }

    money(amount) {
        return formatMonetary(amount, { currencyId: this.state.sides.currency_id });
    }

    customers(count) {
        return count === 1 ? _t("1 customer") : _t("%s customers", count);
    }

    list(model, name, domain) {
        const { company_id: companyId, product_ids: productIds } = this.state.sides;
        return this.action.doAction({
            type: "ir.actions.act_window",
            name,
            res_model: model,
            views: [
                [false, "list"],
                [false, "form"],
            ],
            domain: [["company_id", "=", companyId], ...domain],
            context: { default_product_id: productIds.length === 1 && productIds[0] },
        });
    }

    get ofProduct() {
        return ["product_id", "in", this.state.sides.product_ids];
    }

    openSales() {
        return this.list("sale.order", _t("Sales"), [
            ["state", "=", "sale"],
            ["date_order", ">=", this.state.sides.since],
            ["order_line.product_id", "in", this.state.sides.product_ids],
        ]);
    }

    openGain() {
        return this.list("customer.benefit.record", _t("Measurements"), [
            ["counts", "=", true],
            ["date_to", ">=", this.state.sides.gain.since],
            "|",
            this.ofProduct,
            "&",
            ["product_id", "=", false],
            ["goal_id.product_id", "in", this.state.sides.product_ids],
        ]);
    }

    openNeeds() {
        return this.list("customer.need", _t("Needs"), [this.ofProduct, ["kind", "=", "need"]]);
    }

    openComplaints() {
        return this.list("customer.complaint", _t("Complaints"), [
            this.ofProduct,
            ["date_received", ">=", this.state.sides.since],
        ]);
    }

    /** Open a new record about this product in a dialog, and show what changed when it is closed. */
    add(model, name) {
        const { company_id: companyId, product_ids: productIds } = this.state.sides;
        return this.action.doAction(
            {
                type: "ir.actions.act_window",
                name,
                res_model: model,
                views: [[false, "form"]],
                target: "new",
                context: { default_company_id: companyId, default_product_id: productIds.length === 1 && productIds[0] },
            },
            { onClose: () => this.load(this.props.record.resId) }
        );
    }

    addMeasurement() {
        return this.add("customer.benefit.record", _t("Measurement"));
    }

    addNeed() {
        return this.add("customer.need", _t("Need"));
    }

    addComplaint() {
        return this.add("customer.complaint", _t("Complaint"));
    }
}

registry.category("view_widgets").add("customer_product_sides", { component: ProductSides });
