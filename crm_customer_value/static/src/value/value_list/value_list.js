import { registry } from "@web/core/registry";
import { ListController } from "@web/views/list/list_controller";
import { listView } from "@web/views/list/list_view";
import { BoardNote } from "../board_note/board_note";

class ValueListController extends ListController {
    static template = "crm_customer_value.ValueListView";
    static components = { ...ListController.components, BoardNote };

    /** As on the board: most money at risk first, for who may see it of every customer. */
    get modelParams() {
        const params = super.modelParams;
        if (!params.defaultOrderBy?.length && "value_at_risk" in this.props.fields) {
            params.defaultOrderBy = [
                { name: "value_at_risk", asc: false },
                { name: "value_index", asc: false },
            ];
        }
        return params;
    }
}

registry.category("views").add("customer_value_list", {
    ...listView,
    Controller: ValueListController,
});
