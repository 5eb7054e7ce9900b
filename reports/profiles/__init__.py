"""Everything known of one commune, district, province or ethnic group on one page, and on paper."""
