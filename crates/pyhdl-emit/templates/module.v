{% for line in doc -%}
{{ line }}
{% endfor -%}
module {{ name }}{% if !ports.is_empty() %} (
{%- for port in ports %}
  {{ port }}{% if !loop.last %},{% endif %}
{%- endfor %}
){% endif %};
{%- for section in sections %}
{{ section }}
{%- endfor %}
endmodule
