import { Component, onMounted, useState } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";

/** What to know of the numbers below before they are read. Asked for when the customers are on the screen already. */
export class BoardNote extends Component {
    static template = "crm_customer_value.BoardNote";
    static props = {};

    setup() {
        this.orm = useService("orm");
        this.state = useState({ note: "" });
        onMounted(async () => {
            this.state.note = await this.orm.silent.call("customer.value", "get_board_note", [[]]);
        });
    }
}
