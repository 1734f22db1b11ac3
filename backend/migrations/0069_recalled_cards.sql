-- Of a card to be closed: it is to leave the chat, not only to say so.
alter table wecom_cards add column recall boolean not null default false;
