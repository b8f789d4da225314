import { useEffect, useRef } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useBus } from "@web/core/utils/hooks";
import { FloatField, floatField } from "@web/views/fields/float/float_field";
import { IntegerField, integerField } from "@web/views/fields/integer/integer_field";
import { parseFloat, parseInteger } from "@web/views/fields/parsers";

/**
 * Keep empty and zero apart: Odoo's own fields write a zero when they are emptied, and take no zero where nothing was.
 *
 * @param {Component} field with an input, whose value was set by Odoo before this runs
 * @param {(text: string) => number} parse
 */
function useOptionalNumber(field, parse) {
    const input = useRef("numpadDecimal");
    let typed;

    /** Write what was typed, where Odoo's field took it for something else. */
    async function commit() {
        if (typed === undefined) {
            return;
        }
        const text = typed.trim();
        typed = undefined;
        let value = false;
        if (text) {
            try {
                value = parse(text);
            } catch {
                // Odoo's field has marked it.
                return;
            }
        }
        const { name, record } = field.props;
        if (!value && value !== record.data[name]) {
            await record.update({ [name]: value });
        }
    }

    useEffect(
        (el) => {
            if (!el) {
                return;
            }
            el.placeholder = field.props.placeholder || "";
            const remember = () => (typed = el.value);
            const onKeydown = ({ key }) => ["Enter", "Tab"].includes(key) && commit();
            el.addEventListener("input", remember);
            el.addEventListener("change", commit);
            el.addEventListener("keydown", onKeydown);
            return () => {
                el.removeEventListener("input", remember);
                el.removeEventListener("change", commit);
                el.removeEventListener("keydown", onKeydown);
            };
        },
        () => [input.el]
    );
    const { bus } = field.props.record.model;
    useBus(bus, "WILL_SAVE_URGENTLY", () => commit());
    useBus(bus, "NEED_LOCAL_CHANGES", ({ detail }) => detail.proms.push(commit()));
}

export class OptionalIntegerField extends IntegerField {
    static props = { ...IntegerField.props, placeholder: { type: String, optional: true } };

    setup() {
        super.setup();
        useOptionalNumber(this, parseInteger);
    }
}

export class OptionalFloatField extends FloatField {
    static props = { ...FloatField.props, placeholder: { type: String, optional: true } };

    setup() {
        super.setup();
        useOptionalNumber(this, parseFloat);
    }
}

for (const [name, field, component] of [
    ["optional_integer", integerField, OptionalIntegerField],
    ["optional_float", floatField, OptionalFloatField],
]) {
    registry.category("fields").add(name, {
        ...field,
        component,
        extractProps: (info, dynamic) => ({
            ...field.extractProps(info, dynamic),
            placeholder: info.placeholder ?? info.attrs.placeholder,
        }),
    });
}
