{% for line in doc -%}
{{ line }}
{% endfor -%}
{{ attribute }}module {{ name }}{% if !ports.is_empty() %} (
{%- for port in ports %}
  {{ port }}{% if !loop.last %},{% endif %}
{%- endfor %}
){% endif %};
{%- for section in sections %}
{{ section }}
{%- endfor %}
endmodule
