import { Component, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/**
 * What to offer to a customer, what is due again, and what they usually buy: on the form of a contact, a quotation or
 * an opportunity. It is asked for when the tab opens; a form that is only looked at does without.
 */
export class Offers extends Component {
    static template = "crm_customer_value.Offers";
    static props = { ...standardWidgetProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.state = useState({ panel: null, loading: false });
        useRecordObserver((record) => {
            const key = JSON.stringify(this.side(record));
            if (key !== this.shown) {
                this.shown = key;
                this.state.panel = null;
                return this.load(record);
            }
        });
    }

    /** The customer, and the company that sells: on other forms than that of a contact, those of the record. */
    side(record) {
        const { partner_id: partner, company_id: company } = record.data;
        if (record.resModel === "res.partner") {
            return { partner: record.resId, company: false };
        }
        return { partner: partner?.id, company: company?.id || false };
    }

    async load(record) {
        const { partner, company } = this.side(record);
        if (!partner) {
            return;
        }
        this.state.loading = true;
        try {
            this.state.panel = await this.keepLast.add(
                this.orm.call("res.partner", "get_offers", [[partner]], { company_id: company })
            );
        } finally {
            this.state.loading = false;
        }
    }

    get isQuotation() {
        return this.props.record.resModel === "sale.order";
    }

    get isOpen() {
        return ["draft", "sent"].includes(this.props.record.data.state);
    }

    get isContact() {
        return this.props.record.resModel === "res.partner";
    }

    get canQuote() {
        return !this.isQuotation || this.isOpen;
    }

    get usual() {
        return this.state.panel.favorites.filter((line) => line.is_usual && line.is_sold);
    }

    /** What of the usual basket is not on the quotation yet. */
    get missing() {
        return this.usual.filter((line) => !this.isQuoted(line));
    }

    /** Whether a product is on the quotation that is open: once is enough. */
    isQuoted(line) {
        const lines = this.isQuotation ? this.props.record.data.order_line?.records ?? [] : [];
        return lines.some(({ data }) => data.product_id?.id === line.product_id);
    }

    /** Put products on the quotation, or make a quotation with one of them. */
    quote(...lines) {
        return this.saved(async (record) => {
            if (!this.isQuotation) {
                return this.follow(record.resModel, record.resId, "action_offer_quotation", lines[0].product_id);
            }
            for (const line of lines) {
                await this.orm.call("sale.order", "action_offer_add", [[record.resId]], {
                    product_id: line.product_id,
                    quantity: line.quantity || 1,
                });
            }
            await record.load();
            await this.load(record);
        });
    }

    makeOpportunity(line) {
        return this.saved((record) =>
            this.follow("res.partner", record.resId, "action_offer_opportunity", line.product_id)
        );
    }

    later(line) {
        return this.answer("action_offer_later", line);
    }

    refuse(line) {
        return this.answer("action_offer_refuse", line);
    }

    /** Note what the customer said to a product, and show what to offer instead. */
    async answer(method, line) {
        const { record } = this.props;
        const { partner, company } = this.side(record);
        const action = await this.orm.call("res.partner", method, [[partner]], {
            product_id: line.product_id,
            company_id: company,
        });
        if (action) {
            return this.action.doAction(action, { onClose: () => this.load(record) });
        }
        return this.load(record);
    }

    /** Note what became of something that was offered before. */
    async decide(method, offer) {
        const { record } = this.props;
        const action = await this.orm.call("customer.offer", method, [[offer.id]]);
        if (action) {
            return this.action.doAction(action, { onClose: () => this.load(record) });
        }
        return this.load(record);
    }

    async follow(model, id, method, productId) {
        return this.action.doAction(await this.orm.call(model, method, [[id]], { product_id: productId }));
    }

    /** Do something with the record as it is stored, one thing after the other. */
    async saved(callback) {
        const { record } = this.props;
        if (this.state.loading || !(await record.save())) {
            return;
        }
        this.state.loading = true;
        try {
            return await callback(record);
        } finally {
            this.state.loading = false;
        }
    }
}

registry.category("view_widgets").add("customer_offers", { component: Offers });
