-- How many cards went out within a day: WeCom limits them.
create index wecom_cards__sent_at on wecom_cards (org_id, sent_at);
