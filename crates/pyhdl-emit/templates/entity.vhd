{% for line in doc -%}
{{ line }}
{% endfor -%}
entity {{ place }}{{ name }} is{{ generics }}
{%- if !ports.is_empty() %}
  port (
{%- for port in ports %}
    {{ port }}{% if !loop.last %};{% endif %}
{%- endfor %}
  );
{%- endif %}
end entity {{ name }};

architecture {{ place }}{{ architecture }} of {{ name }} is
{%- for declaration in declarations %}
{{ declaration }}
{%- endfor %}
begin
{%- for statement in statements %}
{{ statement }}
{%- endfor %}
end architecture {{ architecture }};
